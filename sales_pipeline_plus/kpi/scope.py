"""What a question to the figures is about, once its filters are understood."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Scope:
    """The deals, moments and currency that figures are computed for.

    ``spans`` are (start, end) moments in UTC, the end excluded; figures come back in
    their order. They may overlap.
    """

    domain: object
    spans: tuple[tuple[datetime, datetime], ...]
    breakdown: str | None
    rates: dict[int | None, float]
    today: date

    @property
    def cuts(self):
        """All starts and ends, sorted: the moments that divide rows into slots."""
        return sorted({moment for span in self.spans for moment in span})

    def get_slots(self):
        """Return for each span the slots of ``width_bucket`` that it is made of.

        Slot ``n`` lies between the ``n``-th and the next of ``cuts``.
        """
        cuts = self.cuts
        return [
            range(bisect_left(cuts, start) + 1, bisect_left(cuts, end) + 1)
            for start, end in self.spans
        ]
