"""The lamps of a deal's health, without any record."""

from typing import NamedTuple

GOOD, WEAK, UNKNOWN = "good", "weak", "unknown"
# In the order in which they are shown.
LAMPS = (
    "next_step",
    "decision_maker",
    "contacts",
    "last_contact",
    "pace",
    "date",
    "score",
)
# What past deals can be held against: whether something was planned when one was won
# or lost, nobody has recorded.
COMPARED = LAMPS[1:]
# The state of a lamp by its field.
FIELD_OF = {lamp: f"health_{lamp}" for lamp in LAMPS}
LAMP_OF = {name: lamp for lamp, name in FIELD_OF.items()}

# What holds without a pipeline that says otherwise.
DEFAULTS = {
    "health_step_days": 14,
    "health_contact_days": 30,
    "health_pace": 2.0,
    "health_postponements": 2,
    "health_minimum_score": 50.0,
}
CONTACTS = 2
# Stays of won deals in a stage without which there is no usual stay.
LEAST_STAYS = 5
# Closed deals of each kind without which they are not compared, and of how many, the
# latest ones, they are.
LEAST_DEALS = 10
LATEST_DEALS = 500


class Outcome(NamedTuple):
    """Closed deals of a kind: how many there are, and how many were won."""

    count: int
    won: int

    @property
    def share(self):
        """The share that was won, in percent; None of too few deals.

        >>> Outcome(40, 10).share, Outcome(LEAST_DEALS - 1, 5).share
        (25.0, None)
        """
        return 100 * self.won / self.count if self.count >= LEAST_DEALS else None


def count_outcomes(rows):
    """Return {(lamp, state): :class:`Outcome`} of closed deals.

    :param rows: list of (whether it was won, {lamp: state}), a state None if nobody
        knows

    >>> found = count_outcomes([(True, {"pace": "good"}), (False, {"pace": "good"})])
    >>> found["pace", "good"], found["pace", "weak"]
    (Outcome(count=2, won=1), Outcome(count=0, won=0))
    """
    return {
        (lamp, state): Outcome(len(won), sum(won))
        for lamp in COMPARED
        for state in (GOOD, WEAK)
        for won in [[won for won, states in rows if states.get(lamp) == state]]
    }
