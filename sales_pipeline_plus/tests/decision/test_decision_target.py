from datetime import date

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import PipelineCase

MONTHS = ["0001-01-01", "2026-11-01", "2026-12-01", "9999-12-31", False]


@freeze_time("2026-11-21 12:00:00")
@tagged("post_install", "-at_install")
class TestDecisionTarget(PipelineCase):
    """The teams' monthly invoicing targets, for the periods of a graph."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment_team.invoiced_target = 26000
        cls.spares_team.invoiced_target = 4000
        cls.env["crm.lead"].create(
            [
                cls._prepare_deal(pipeline, date_deadline=date(2026, 12, 1))
                for pipeline in (cls.equipment, cls.spares)
            ]
        )
        teams = cls.equipment_team | cls.spares_team
        cls.domain = [("team_id", "in", teams.ids)]

    def _get(self, granularity, starts, domain=(), user=None):
        return (
            self.env["crm.lead"]
            .with_user(user or self.manager)
            .get_decision_targets([*self.domain, *domain], granularity, starts)
        )

    def test_periods(self):
        self.assertEqual(self._get("month", MONTHS), [None, 30000, 30000, None, None])
        self.assertEqual(self._get("quarter", ["2026-10-01"]), [90000])
        [week] = self._get("week", ["2026-11-16"])
        self.assertAlmostEqual(week, 30000 * 12 / 52)

    def test_open_deals_like_any_other(self):
        for part in (
            [("active", "in", [True, False]), ("type", "=", "opportunity")],
            [("deal_status", "in", ["open", "late"])],
            [("won_status", "!=", "lost"), ("date_hold", "=", False)],
            ["|", ("won_status", "=", "won"), ("won_status", "=", "pending")],
        ):
            with self.subTest(part):
                self.assertEqual(self._get("month", MONTHS[1:2], part), [30000])

    def test_teams_of_the_search(self):
        self.assertEqual(
            self._get("month", MONTHS[1:2], [("team_id", "=", self.spares_team.id)]),
            [4000],
        )
        # The rules of the user's own documents hold.
        self.assertEqual(self._get("month", MONTHS[1:2], user=self.salesman), [26000])

    def test_not_for_a_part_of_the_team(self):
        for part in (
            [("user_id", "=", self.salesman.id)],
            [("tag_ids", "in", [1])],
            [("name", "ilike", "mill")],
            [("team_id", "ilike", self.equipment_team.name)],
            [("date_hold", "!=", False)],
            [("won_status", "=", "lost")],
            [("active", "=", False)],
            [("type", "=", "lead")],
            [("stage_id", "=", self.offer.id)],
            ["|", ("team_id", "=", self.spares_team.id), ("priority", "=", "3")],
        ):
            with self.subTest(part):
                self.assertEqual(self._get("month", MONTHS, part), [])

    def test_no_target(self):
        (self.equipment_team | self.spares_team).invoiced_target = 0
        self.assertEqual(self._get("month", MONTHS), [])
        domain = Domain(self.domain)
        start, end = date(2026, 11, 1), date(2026, 12, 1)
        leads = self.env["crm.lead"].with_user(self.manager)
        self.assertIsNone(leads._get_decision_target(domain, start, end))
