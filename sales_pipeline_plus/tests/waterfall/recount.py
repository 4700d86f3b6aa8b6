"""What the bars must be, in plain Python, from what a test has seen with its own eyes.

It knows nothing of snapshots, stays and statements: a deal has a state at the opening
and one at the end, and the test says what was done to it.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def round_cents(value):
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class State:
    """A deal at a moment. ``day`` is the one whose rate counts."""

    amount: Decimal
    probability: Decimal
    weighted: Decimal
    deadline: object
    user: int
    team: int
    pipeline: int
    company: int
    day: object
    status: str = "open"


@dataclass(frozen=True)
class Question:
    """``owned`` is {field: ids}; ``decision`` (first day, day after the last)."""

    owned: dict
    decision: tuple | None
    convert: object

    def is_owned(self, state):
        return all(getattr(state, name) in ids for name, ids in self.owned.items())

    def place(self, state):
        if not self.decision:
            return "in"
        start, end = self.decision
        if state.deadline and state.deadline < start:
            return "before"
        return "in" if state.deadline and state.deadline < end else "after"

    def has(self, state):
        return self.is_owned(state) and self.place(state) == "in"


def recount(deals, question):
    """Return {code: [deals, number, amount, weighted]}.

    :param deals: list of (state at the opening or None, state at the end or None, what
        it came by, what it left by); a state at the end is open, won or lost
    """
    bars = defaultdict(lambda: [0, 0, Decimal(0), Decimal(0)])

    def add(code, sign, amount, weighted):
        bar = bars[code]
        bar[0] += 1
        bar[1] += sign
        bar[2] += amount * (sign or 1)
        bar[3] += weighted * (sign or 1)

    for old, new, came, left in deals:
        follow(add, question, old, new, came, left)
    return dict(bars)


def name_leaving(question, new):
    if not question.is_owned(new):
        return "reassigned_out"
    return "pushed_out" if question.place(new) == "after" else "pulled_out"


def name_coming(question, old):
    if not question.is_owned(old):
        return "reassigned_in"
    return "pulled_in" if question.place(old) == "after" else "rolled_in"


def follow(add, question, old, new, came, left):
    was_in = old is not None and question.has(old)
    is_in = new is not None and question.has(new)
    convert = question.convert
    if was_in:
        before = convert(old.amount, old, old.day), convert(old.weighted, old, old.day)
        add("opening", 1, *before)
    if was_in and not is_in:
        add(left if new is None else name_leaving(question, new), -1, *before)
    if not is_in:
        return
    level = convert(new.amount, new, new.day), convert(new.weighted, new, new.day)
    if old is None:
        add(came, 1, *level)
        carried = level[1]
    else:
        then = convert(old.amount, old, new.day), convert(old.weighted, old, new.day)
        if not was_in:
            add(name_coming(question, old), 1, *then)
        elif then != before:
            add("rates", 0, then[0] - before[0], then[1] - before[1])
        if old.amount == new.amount and old.company == new.company:
            carried = then[1]
        elif new.status == "open" and old.probability == new.probability:
            carried = level[1]
        else:
            mixed = round_cents(new.amount * old.probability / 100)
            carried = convert(mixed, new, new.day)
        more = level[0] - then[0], carried - then[1]
        if more != (0, 0):
            add("amount_up" if more > (0, 0) else "amount_down", 0, *more)
        if new.status == "open" and level[1] != carried:
            up = level[1] > carried
            likelier = level[1] - carried
            add("probability_up" if up else "probability_down", 0, 0, likelier)
    if new.status == "open":
        add("closing", 1, *level)
    else:
        add(new.status, -1, level[0], carried)
