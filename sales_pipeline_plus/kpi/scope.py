"""What a question to the figures is about, once its filters are understood."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime


class Cells(defaultdict):
    """One fact: {(index of the span, key): number}.

    What is missing is 0, or no data where ``is_sum`` is false, and in the spans of
    ``unknown``.
    """

    def __init__(self, is_sum=True):
        super().__init__(float)
        self.is_sum = is_sum
        self.unknown = set()

    def get_number(self, index, key):
        """Return a number, None for no data.

        >>> cells = Cells()
        >>> cells[0, False] += 3
        >>> cells.unknown.add(1)
        >>> cells.get_number(0, False), cells.get_number(0, 7)
        (3.0, 0)
        >>> cells.get_number(1, False) is None
        True
        """
        if index in self.unknown:
            return None
        return self.get((index, key), 0 if self.is_sum else None)


@dataclass(frozen=True)
class Scope:
    """The deals, moments and currency that figures are computed for.

    ``conversion`` is that of ``models/company``.

    ``spans`` are (start, end) moments in UTC, the end excluded; figures come back in
    their order. They may overlap.
    """

    domain: object
    spans: tuple[tuple[datetime, datetime], ...]
    breakdown: str | None
    conversion: object

    @property
    def cuts(self):
        """All starts and ends, sorted: the moments that divide rows into slots."""
        return sorted({moment for span in self.spans for moment in span})

    def get_spans_of_slots(self):
        """Return {slot of ``width_bucket``: indexes of the spans it is part of}.

        Slot ``n`` lies between the ``n``-th and the next of ``cuts``.
        """
        cuts = self.cuts
        spans = defaultdict(list)
        for index, (start, end) in enumerate(self.spans):
            first, last = bisect_left(cuts, start), bisect_left(cuts, end)
            for slot in range(first + 1, last + 1):
                spans[slot].append(index)
        return spans

    def get_single_slots(self):
        """Return {slot: indexes of the spans that are this slot and no other}."""
        single = defaultdict(list)
        for index, slots in self._get_slots_of_spans().items():
            if len(slots) == 1:
                single[slots[0]].append(index)
        return single

    def get_wide_spans(self):
        """Return [(index, span)] of the spans that several slots make up."""
        return [
            (index, self.spans[index])
            for index, slots in self._get_slots_of_spans().items()
            if len(slots) > 1
        ]

    def _get_slots_of_spans(self):
        slots_of = defaultdict(list)
        for slot, indexes in self.get_spans_of_slots().items():
            for index in indexes:
                slots_of[index].append(slot)
        return slots_of
