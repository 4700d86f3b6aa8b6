import doctest
import random
from datetime import date

from odoo.tests import BaseCase, tagged

from ...kpi import cohort, funnel
from ...kpi.funnel import AWAY, LOST, OPEN, PARTS, WON, Group


@tagged("post_install", "-at_install")
class TestFunnelArithmetic(BaseCase):
    """What adds up without any record."""

    def test_doctests(self):
        for module in (cohort, funnel):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_property_closes(self):
        """Entered is the sum of what became of it, and who moved on entered the next
        stage, whatever the groups are."""
        for seed in range(50):
            rng = random.Random(seed)
            length = rng.randint(1, 6)
            groups = [
                Group(
                    rng.randint(1, length),
                    rng.choice([WON, LOST, OPEN, AWAY]),
                    rng.randint(1, 9),
                    rng.choice([0.0, 12.5, 1e6]),
                )
                for _number in range(rng.randint(0, 12))
            ]
            rows = funnel.build_funnel(length, groups)
            self.assertEqual(len(rows), length + 1)
            everyone = sum(group.count for group in groups)
            self.assertEqual(rows[0]["entered"][0], everyone)
            for row, following in zip(rows, rows[1:], strict=False):
                for side in (0, 1):
                    entered, *rest = (row[part][side] for part in PARTS)
                    self.assertAlmostEqual(entered, sum(rest))
                    self.assertAlmostEqual(
                        row["moved_on"][side], following["entered"][side]
                    )
                drop_off = funnel.get_drop_off(row)
                if drop_off is not None:
                    self.assertTrue(0 <= drop_off <= 100)

    def test_no_data(self):
        empty = funnel.build_funnel(2, [])
        self.assertEqual([row["entered"] for row in empty], [(0, 0)] * 3)
        self.assertIsNone(funnel.get_drop_off(empty[0]))
        cells = cohort.build_cohort(date(2026, 1, 1), date(2026, 3, 1), (0, 0), {})
        self.assertEqual(cells[0]["count"], 0)
        self.assertIsNone(cells[0]["count_share"])
        self.assertIsNotNone(cells[1])
        self.assertIsNone(cells[2])
