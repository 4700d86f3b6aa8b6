import doctest
import random
from datetime import date
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...kpi import coverage, target_book, target_period, target_share, target_state
from ...kpi.catalogue import KPIS
from ...kpi.catalogue.targets import SUMS
from ...kpi.period import Period
from ...kpi.target_book import ANY, Row, TargetBook, Who
from ...kpi.target_period import Span, cut, get_share_of_days
from ...kpi.target_share import share_out
from ...models.target import target_table

YEAR = Span("year", date(2026, 1, 1))
QUARTERS = YEAR.get_parts()
MONTHS = YEAR.get_parts("month")


@tagged("post_install", "-at_install")
class TestTargetArithmetic(BaseCase):
    """Plain recounts beside the arithmetic of the targets."""

    def test_doctests(self):
        for module in (
            coverage,
            target_book,
            target_period,
            target_share,
            target_state,
            target_table,
        ):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_every_figure_is_known(self):
        self.assertFalse(SUMS - {kpi.code for kpi in KPIS})
        for kpi in KPIS:
            if kpi.unit in ("percentage", "days") or kpi.group == "pipeline":
                self.assertNotIn(kpi.code, SUMS)

    def test_shares_add_up(self):
        generator = random.Random(17)
        for _ in range(500):
            units = generator.randrange(10**9)
            count = generator.randrange(1, 40)
            weights = [
                generator.choice([0, 1, generator.random(), generator.randrange(10**6)])
                for _ in range(count)
            ]
            shares = share_out(units, weights)
            self.assertEqual(sum(shares), units)
            whole = sum(map(Fraction, weights))
            for share, weight in zip(shares, weights, strict=True):
                if whole:
                    exact = units * Fraction(weight) / whole
                    self.assertLess(abs(share - exact), 1)
                if whole and not weight:
                    self.assertEqual(share, 0)

    def test_periods_are_cut(self):
        generator = random.Random(12)
        for _ in range(300):
            start = date(2025, generator.randrange(1, 13), 1)
            end = target_period.Span("month", start).start
            for _ in range(generator.randrange(1, 30)):
                end = Span("month", end).end
            fiscal = generator.randrange(1, 13)
            spans = cut(Period(start, end), fiscal)
            day = start
            for span in spans:
                self.assertEqual(span.start, day)
                self.assertEqual(
                    target_period.get_start(day, span.unit, fiscal), day, span
                )
                day = span.end
            self.assertEqual(day, end)

    def test_share_of_days(self):
        generator = random.Random(5)
        for month in MONTHS:
            period = Period(month.start, month.end)
            days = [
                date.fromordinal(number)
                for number in range(month.start.toordinal(), month.end.toordinal())
                if generator.random() < 0.7
            ]
            until = date(2026, generator.randrange(1, 13), 15)
            expected = len([day for day in days if day < until]) / len(days)
            self.assertAlmostEqual(get_share_of_days(days, period, until), expected)

    # ------------------------------------------------------------
    # Roll-up
    # ------------------------------------------------------------

    def _recount(self, rows, team, user, span):
        """The definition once more, without the book: cents, or None."""

        def get_own(team, user, span):
            return next(
                (
                    row.value
                    for row in rows
                    if (row.who.team, row.who.user, row.span) == (team, user, span)
                ),
                None,
            )

        def find(team, user, span):
            own = get_own(team, user, span)
            if own is not None:
                return own
            inside = [
                row
                for row in rows
                if (row.who.team, row.who.user) == (team, user)
                and span.start <= row.span.start
                and row.span.end <= span.end
            ]
            if inside:
                found = [find(team, user, part) for part in span.get_parts()]
            elif user is None and team is None:
                teams = {row.who.team for row in rows if row.who.team}
                found = [find(each, None, span) for each in teams]
                loose = {row.who.user for row in rows if not row.who.team}
                found += [find(None, each, span) for each in loose if each]
            elif user is None:
                users = {row.who.user for row in rows if row.who.team == team}
                found = [find(team, each, span) for each in users if each]
            else:
                return None
            known = [each for each in found if each is not None]
            return sum(known) if known else None

        return find(team, user, span)

    def test_roll_up(self):
        generator = random.Random(2026)
        spans = [YEAR, *QUARTERS, *MONTHS]
        for _ in range(200):
            owners = [Who(1)]
            owners += [Who(1, team) for team in (1, 2)]
            owners += [
                Who(1, team, user)
                for team in (None, 1, 2)
                for user in generator.sample(range(1, 6), 3)
            ]
            rows = [
                Row("won", owner, span, generator.randrange(1000))
                for owner in owners
                for span in spans
                if generator.random() < generator.choice([0.02, 0.1, 0.5])
            ]
            book = TargetBook(rows)
            for owner in owners:
                for span in spans:
                    found = book.find("won", owner, span)
                    self.assertEqual(
                        found and found.value,
                        self._recount(rows, owner.team, owner.user, span),
                        (owner, span, rows),
                    )
                    if found:
                        # What adds up to it is what it is.
                        self.assertEqual(
                            sum(row.value for row in found.rows), found.value
                        )
            for user in range(1, 6):
                teams = {row.who.team for row in rows if row.who.user == user}
                for span in spans:
                    parts = [self._recount(rows, team, user, span) for team in teams]
                    known = [part for part in parts if part is not None]
                    found = book.find("won", Who(1, ANY, user), span)
                    self.assertEqual(
                        found and found.value, sum(known) if known else None
                    )

    def test_own_wins(self):
        april = MONTHS[3]
        rows = [
            Row("won", Who(1, 7, 5), april, 60.0),
            Row("won", Who(1, 7), april, 100.0),
            Row("won", Who(1, 7), april, 250.0, "odoo"),
            Row("won", Who(1, 8), april, 30.0, "odoo"),
        ]
        book = TargetBook(rows)
        self.assertEqual(book.find("won", Who(1, 7), april)[:2], (100, "own"))
        self.assertEqual(book.find("won", Who(1, 8), april)[:2], (30, "odoo"))
        self.assertEqual(book.find("won", Who(1), april)[:2], (130, "members"))

    def test_levels_are_not_added(self):
        rows = [
            Row("rate", Who(1, 7, 5), YEAR, 30.0),
            Row("rate", Who(1, 7, 6), YEAR, 40.0),
            Row("rate", Who(1, 8, 5), YEAR, 35.0),
            Row("rate", Who(1), QUARTERS[1], 25.0),
        ]
        book = TargetBook(rows, levels={"rate"})
        self.assertIsNone(book.find("rate", Who(1, 7), YEAR))
        self.assertIsNone(book.find("rate", Who(1), YEAR))
        self.assertEqual(book.find("rate", Who(1, 7, 5), MONTHS[0])[:2], (30, "wider"))
        self.assertEqual(book.find("rate", Who(1), MONTHS[4])[:2], (25, "wider"))
        self.assertEqual(book.find("rate", Who(1, ANY, 6), YEAR).value, 40)
        self.assertIsNone(book.find("rate", Who(1, ANY, 5), YEAR), "two that differ")
