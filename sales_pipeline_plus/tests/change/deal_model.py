"""What must hold when deals change, in plain Python: the model of the random walk.

Nothing here comes from the product. A deal is a dataclass; ``change`` tells what
becomes of it, or raises :class:`Refused`. Days are numbers.
"""

import copy
from dataclasses import dataclass, field

STAGES = {
    "equipment": ["qualified", "offer", "negotiation", "won"],
    "spares": ["qualified", "negotiation", "offer", "won"],
}
# What the stages of the equipment pipeline ask for, from the offer on.
ASKING = {("equipment", stage) for stage in ("offer", "negotiation", "won")}


class Refused(Exception):
    """The change may not be."""


@dataclass
class Deal:
    """One deal as the rules have it."""

    pipeline: str = "equipment"
    stage: str = "qualified"
    kind: str = "opportunity"
    active: bool = True
    status: str = "pending"
    referred: bool = False
    action: bool = False
    deadline: int | None = None
    # What is remembered
    first: int | None = None
    last: int | None = None
    postponed: int = 0
    advanced: int = 0
    closed: int | None = None
    marked: bool = False
    last_active: tuple | None = None
    last_open: dict = field(default_factory=dict)
    passages: list = field(default_factory=lambda: [["equipment", "qualified", "open"]])

    @property
    def place(self):
        return (self.pipeline, self.stage)

    @property
    def is_active_deal(self):
        return self.active and self.kind == "opportunity"

    @property
    def is_open(self):
        return self.is_active_deal and self.stage != "won"

    def change(self, today, **values):
        """Return the deal after one write."""
        deal = copy.deepcopy(self)
        for name, value in values.items():
            setattr(deal, name, value)
        if values.get("stage") == "won" and self.stage != "won":
            # As Odoo has it
            deal.active, deal.status = True, "won"
        elif deal.stage == "won":
            if deal.status == "lost":
                raise Refused
            deal.status = "won"
        elif self.status == "won" or (self.status == "lost" and deal.active):
            deal.status = "pending"
        deal._close(self, today)
        deal._check_lost(self)
        deal._check_required(self)
        deal._check_action(self)
        deal._remember(self)
        deal._pass(self)
        deal._slip(self)
        return deal

    def _close(self, before, today):
        if self.status == "pending":
            self.closed = None
        elif self.status != before.status:
            self.closed = today

    def _check_lost(self, before):
        if before.status == "lost" == self.status and before.kind == self.kind:
            if before.kind == "opportunity" and before.place != self.place:
                raise Refused

    def _check_required(self, before):
        if not self.is_active_deal or self.place not in ASKING or self.referred:
            return
        place = before.place if before.is_active_deal else before.last_active
        if place != self.place or before.referred:
            raise Refused

    def _check_action(self, before):
        if not self.is_open or self.pipeline != "equipment":
            return
        was_there = before.is_open and before.pipeline == self.pipeline
        origin = before.stage if was_there else before.last_open.get(self.pipeline)
        moves = origin != self.stage and (origin or before.is_open)
        if moves and not self.action:
            if origin:
                raise Refused
            self.marked = True

    def _remember(self, before):
        if before.is_active_deal and not self.is_active_deal:
            self.last_active = before.place
        if before.is_open and (not self.is_open or self.pipeline != before.pipeline):
            self.last_open[before.pipeline] = before.stage

    def _pass(self, before):
        def state(deal):
            return (deal.kind, deal.place, deal.status)

        if state(self) == state(before):
            return
        if "opportunity" not in (self.kind, before.kind):
            return
        is_there = self.kind == "opportunity" and self.status != "lost"
        current = self.passages[-1] if self.passages else None
        if current and current[2] == "open":
            if is_there and (current[0], current[1]) == self.place:
                return
            current[2] = self._get_outcome(current)
        if is_there:
            self.passages.append([*self.place, "open"])

    def _get_outcome(self, passage):
        pipeline, stage, _outcome = passage
        if self.kind != "opportunity":
            return "left"
        if self.status == "lost":
            return "lost"
        if self.stage == "won" and stage != "won":
            return "won"
        if pipeline != self.pipeline:
            return "left"
        order = STAGES[pipeline].index
        return "forward" if order(self.stage) > order(stage) else "back"

    def _slip(self, before):
        if not self.deadline or self.deadline == before.last:
            return
        if not before.first:
            self.first = self.deadline
        elif before.last and self.deadline > before.last:
            self.postponed += 1
        elif before.last:
            self.advanced += 1
        self.last = self.deadline

    # What the buttons do

    def win(self, today):
        """The button Won."""
        deal = self.change(today, active=True) if not self.active else self
        return deal.change(today, stage="won")

    def lose(self, today):
        """The button Lost."""
        deal = self.change(today, active=False) if self.active else self
        if deal.stage == "won":
            raise Refused
        return deal.change(today, status="lost")

    def restore(self, today):
        """The button Restore."""
        return self.change(today, active=True) if not self.active else self
