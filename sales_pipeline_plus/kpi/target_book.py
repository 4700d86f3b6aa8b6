"""Which target somebody has for a period: an own one, or one that adds up."""

from collections import defaultdict
from typing import NamedTuple

from odoo.tools import LazyTranslate

from .target_period import Span, cut

_lt = LazyTranslate(__name__)

# Stands for whichever team.
ANY = "any"
SOURCES = {
    "own": _lt("set as it is"),
    "odoo": _lt("the invoicing target of the sales team"),
    "parts": _lt("the sum of its parts in time"),
    "members": _lt("the sum of its teams and salespeople"),
    "wider": _lt("that of the longer period"),
    "several": _lt("the sum of several targets"),
}


class Who(NamedTuple):
    """Whose target it is: a company's, a team's, or a salesperson's in a team."""

    company: int
    team: int | str | None = None
    user: int | None = None


class Row(NamedTuple):
    """A target as it was set, its value in the currency of the answer."""

    code: str
    who: Who
    span: Span
    value: float
    source: str = "own"


class Found(NamedTuple):
    """A target: its value, where it comes from, and the rows that it adds up."""

    value: float
    source: str
    rows: tuple = ()

    @property
    def months(self):
        """The months for which there is a target, as their first days."""
        return {
            month.start for row in self.rows for month in row.span.get_parts("month")
        }


class TargetBook:
    """The targets of some figures.

    A target that was set for just this figure, owner and period always holds. Without
    one, the target of a figure that adds up is

    1. the sum of the parts of the period (the months of a quarter, the quarters of a
       year), if a part of it has a target that was set for this owner;
    2. else the sum of the same period's targets of its members: of a company its teams
       and the salespeople without a team, of a team its salespeople, of a salesperson
       the teams that his or her targets are in.

    Parts and members are found in the same way. Those without any target count nothing;
    ``months`` tells for which months there is one at all. A salesperson's target counts
    for the team that it carries, whichever team the salesperson is in by now.

    A level, such as a rate, adds up to nothing. Without a target of its own, the one
    that the same owner has for the quarter or year around it holds.

    :param rows: list of :class:`Row`
    :param levels: codes of the figures that do not add up
    :param fiscal_months: {company: last month of its fiscal year}

    >>> from datetime import date
    >>> spring = Span("quarter", date(2026, 4, 1))
    >>> april, may, june = spring.get_parts()
    >>> book = TargetBook(
    ...     [
    ...         Row("won", Who(1, 7, 5), april, 100.0),
    ...         Row("won", Who(1, 7, 6), april, 50.0),
    ...         Row("won", Who(1, 7), may, 400.0),
    ...         Row("won", Who(1, 7, 6), may, 70.0),
    ...         Row("rate", Who(1), Span("year", date(2026, 1, 1)), 30.0),
    ...     ],
    ...     levels={"rate"},
    ... )
    >>> book.find("won", Who(1, 7), april)[:2], book.find("won", Who(1, 7), may)[:2]
    ((150.0, 'members'), (400.0, 'own'))
    >>> found = book.find("won", Who(1, 7), spring)
    >>> found[:2], sorted(month.month for month in found.months)
    ((550.0, 'parts'), [4, 5])
    >>> book.find("won", Who(1, ANY, 6), spring)[:2]
    (120.0, 'members')
    >>> book.find("rate", Who(1), june)[:2]
    (30.0, 'wider')
    >>> book.find("rate", Who(1, 7), june) is None
    True
    """

    def __init__(self, rows, levels=(), fiscal_months=None):
        self.levels = levels
        self.fiscal_months = fiscal_months or {}
        self.own = {}
        self.spans_of = defaultdict(set)
        self.members = defaultdict(dict)
        for row in rows:
            key = (row.code, row.who, row.span)
            if row.source != "own" and key in self.own:
                continue
            self.own[key] = Found(row.value, row.source, (row,))
            self.spans_of[row.code, row.who].add(row.span)
            self._add_member(row)

    def _add_member(self, row):
        """Note to which wholes a row's owner belongs."""
        company, team, user = row.who
        if user:
            self.members[row.code, Who(company, ANY, user)][row.who] = True
            if team:
                self.members[row.code, Who(company, team)][row.who] = True
            else:
                self.members[row.code, Who(company)][row.who] = True
        if team:
            self.members[row.code, Who(company)][Who(company, team)] = True

    def find(self, code, who, span):
        """Return the :class:`Found` target of a figure, None if there is none."""
        own = self.own.get((code, who, span))
        if own:
            return own
        if code in self.levels:
            return self._find_level(code, who, span)
        is_divided = any(
            span.start <= each.start < span.end and each.end <= span.end
            for each in self.spans_of.get((code, who), ())
        )
        if is_divided:
            parts = span.get_parts()
            return self._add_up("parts", [self.find(code, who, part) for part in parts])
        members = self.members.get((code, who), ())
        found = [self.find(code, member, span) for member in members]
        return self._add_up("members", found)

    def _find_level(self, code, who, span):
        if who.team == ANY:
            # In whichever team: it is known if all teams agree.
            members = self.members.get((code, who), ())
            found = {self.find(code, member, span) for member in members}
            return found.pop() if len(found) == 1 else None
        for wider in span.get_wider(self.fiscal_months.get(who.company, 12)):
            own = self.own.get((code, who, wider))
            if own:
                return own._replace(source="wider")
        return None

    def _add_up(self, source, found):
        known = [each for each in found if each]
        if not known:
            return None
        return Found(
            sum(each.value for each in known),
            source,
            tuple(row for each in known for row in each.rows),
        )

    def find_period(self, code, who, period):
        """Return the :class:`Found` target of a period of whole months."""
        spans = cut(period, self.fiscal_months.get(who.company, 12))
        if len(spans) == 1:
            return self.find(code, who, spans[0])
        if code in self.levels:
            return None
        return self._add_up("parts", [self.find(code, who, span) for span in spans])

    def get_users(self, code):
        """Return the ids of the salespeople with a target of the figure."""
        return {who.user for each, who in self.spans_of if each == code and who.user}

    def get_teams(self, code):
        """Return the ids of the teams with a target of the figure, own or of people."""
        return {who.team for each, who in self.spans_of if each == code and who.team}
