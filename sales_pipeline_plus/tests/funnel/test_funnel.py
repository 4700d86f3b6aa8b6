from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import NOW, PERIOD, FunnelCase


@tagged("post_install", "-at_install")
class TestFunnel(FunnelCase):
    """The deals that entered a pipeline, and what became of them."""

    def _get_counts(self, user=None, **filters):
        """Return {stage: (entered, moved on, lost, still there, away)}."""
        stages = self._get_funnel(user or self.manager, **filters)
        return [
            tuple(
                stage[part] and stage[part]["count"]
                for part in ("entered", "moved_on", "lost", "open", "away")
            )
            for stage in stages.get(self.equipment.id, [])
        ]

    def _new(self, stage=None, **vals):
        return self._new_deal(self.equipment, stage or self.qualified, **vals)

    def test_ways(self):
        with self._at("2026-03-02 09:00:00"):
            still, skips, back, lost, won, archived, deleted, moved = (
                self._new() for _number in range(8)
            )
        with self._at("2026-03-12 09:00:00"):
            skips.stage_id = self.negotiation
            back.stage_id = self.offer
            won.action_set_won()
            (lost + deleted).stage_id = self.offer
        with self._at("2026-04-12 09:00:00"):
            back.stage_id = self.qualified
            lost.action_set_lost()
            archived.active = False
            deleted.sudo().unlink()
            moved.with_user(self.manager).write(
                {"pipeline_id": self.spares.id, "stage_id": self.offer.id}
            )
            self.assertTrue(still)
        self.assertEqual(
            self._get_counts(),
            [
                (8, 5, 0, 1, 2),
                (5, 2, 1, 1, 1),
                (2, 1, 0, 1, 0),
                (1, None, None, None, None),
            ],
        )
        stages = self._get_funnel(self.manager)[self.equipment.id]
        self.assertAlmostEqual(stages[0]["drop_off"], 100 * 2 / 7)
        self.assertEqual(stages[1]["drop_off"], 50)
        self.assertEqual(stages[3]["label"], "Won")
        # Of those who have left it: the deal that came back has not.
        self.assertEqual(stages[0]["days"], 10)

    def test_only_those_who_entered_in_the_period(self):
        with self._at("2026-02-27 09:00:00"):
            before = self._new()
        with self._at("2026-03-02 09:00:00"):
            before.stage_id = self.offer
        with self._at("2026-03-31 22:30:00"):
            # The first of April in Paris.
            self._new()
        self.assertEqual(self._get_counts(), [])
        filters = {"period": PERIOD}
        with freeze_time(NOW):
            answer = self._get_kpi(self.manager, "America/New_York").get_funnel(filters)
        self.assertEqual(answer["pipelines"][0]["stages"][0]["entered"]["count"], 1)

    def test_merged_and_reopened(self):
        with self._at("2026-03-02 09:00:00"):
            one, two, lost = (self._new() for _number in range(3))
        with self._at("2026-03-03 09:00:00"):
            two.stage_id = self.offer
            lost.action_set_lost()
        with self._at("2026-03-04 09:00:00"):
            (one + two).with_user(self.manager).merge_opportunity()
            lost.with_user(self.manager).action_unarchive()
        self.assertEqual(self._get_counts()[0], (3, 1, 0, 1, 1))
        self.assertEqual(self._get_counts()[1], (1, 0, 0, 1, 0))

    def test_survivor_that_is_deleted(self):
        """A merged deal still counts by its own way: it came to the offer."""
        with self._at("2026-03-02 09:00:00"):
            merged, survivor = self._new(), self._new(expected_revenue=9)
        with self._at("2026-03-03 09:00:00"):
            merged.stage_id = self.offer
            survivor.stage_id = self.negotiation
        with self._at("2026-03-04 09:00:00"):
            both = (merged + survivor).with_user(self.manager)
            self.assertEqual(both.merge_opportunity(), survivor)
        before = self._get_counts()
        self.assertEqual(before[0], (2, 2, 0, 0, 0))
        self.assertEqual(before[1], (2, 1, 0, 0, 1))
        with self._at("2026-03-05 09:00:00"):
            survivor.sudo().unlink()
        after = self._get_counts()
        self.assertEqual(after[:2], before[:2])
        self.assertEqual((before[2], after[2]), ((1, 0, 0, 1, 0), (1, 0, 0, 0, 1)))

    def test_those_who_are_no_more_are_asked_for_alone(self):
        """Whether a list needs stays is answered without those who are there."""
        with self._at("2026-03-02 09:00:00"):
            deleted, merged, survivor, _there = (self._new() for _number in range(4))
        with self._at("2026-03-04 09:00:00"):
            for deal in deleted + merged + survivor:
                deal.stage_id = self.offer
        with self._at("2026-03-05 09:00:00"):
            (merged + survivor).with_user(self.manager).merge_opportunity()
            deleted.sudo().unlink()
        kpi = self._get_kpi(self.manager)
        for code in ("entered", "days", "moved_on", "away", "drop_off", "lost"):
            question = [
                code,
                {"period": PERIOD},
                self.equipment.id,
                self.qualified.id,
            ]
            with freeze_time(NOW):
                everyone = self.env.execute_query(
                    kpi._get_behind_sql("funnel", question)
                )
                gone = self.env.execute_query(
                    kpi._get_gone_behind_sql("funnel", question)
                )
            expected = {stay for lead, stay in everyone if not lead}
            self.assertEqual({stay for _lead, stay in gone}, expected, code)
            self.assertFalse([lead for lead, _stay in gone if lead], code)
            if code in ("entered", "days", "moved_on"):
                self.assertEqual(len(expected), 2, code)

    def test_numbers_that_are_none(self):
        """What a client puts into the search itself."""
        leads = self.env["crm.lead"].with_user(self.salesman)
        half = ('["nothing", 1]', '["cohort", "2026-01-01"]')
        for value in ("x", "[]", "{}", "[" * 100_000, *half):
            with self.assertRaisesRegex(UserError, "number of the funnel"):
                leads.search([("funnel_number", "=", value)])
        with self.assertRaises(UserError):
            leads.search([("funnel_number", "=", '["cohort", "x", null, null]')])

    def test_unknown_way(self):
        with self._at("2026-03-02 09:00:00"):
            self._new()
            self._new(self.won)
        with freeze_time(NOW):
            [pipeline] = self._get_kpi(self.manager).get_funnel({"period": PERIOD})[
                "pipelines"
            ]
        self.assertEqual(pipeline["unknown"], 1)
        self.assertEqual(pipeline["stages"][0]["entered"]["count"], 1)
        self.assertEqual(pipeline["stages"][-1]["entered"]["count"], 0)

    def test_delivery(self):
        """A won deal that goes on elsewhere stays won."""
        delivery = self._new_pipeline("Delivery", {self.won: 100})
        with self._at("2026-03-02 09:00:00"):
            deal = self._new()
        with self._at("2026-03-03 09:00:00"):
            deal.action_set_won()
        with self._at("2026-03-04 09:00:00"):
            deal.with_user(self.manager).write(
                {"pipeline_id": delivery.id, "stage_id": self.won.id}
            )
        self.assertEqual(self._get_counts()[-1][0], 1)

    def test_roles_and_filters(self):
        with self._at("2026-03-02 09:00:00"):
            self._new()
            self._new(user_id=self.manager.id)
            self._new(user_id=False, user=self.manager, team_id=self.spares_team.id)
        for user, count in (
            (self.salesman, 2),
            (self.all_documents, 3),
            (self.manager, 3),
        ):
            self.assertEqual(self._get_counts(user)[0][0], count)
        self.assertEqual(self._get_counts(self.foreigner), [])
        ids = self.salesman.ids
        self.assertEqual(self._get_counts(user_ids=ids)[0][0], 1)
        ids = self.spares_team.ids
        self.assertEqual(self._get_counts(team_ids=ids)[0][0], 1)
        self.assertEqual(self._get_counts(pipeline_ids=self.spares.ids), [])
        self.assertEqual(self._get_counts(pipeline_ids=self.equipment.ids)[0][0], 3)

    def test_currencies(self):
        """Each amount at its own day: the closing, or today."""
        closing = self.env["crm.lead"]
        with self._at("2026-03-02 09:00:00"):
            for company, user, team in (
                (self.company, self.salesman, self.equipment_team),
                (self.other_company, self.foreigner, self.foreign_team),
            ):
                open_deal, won = (
                    self._new_deal(
                        self.equipment,
                        self.qualified,
                        user=user,
                        user_id=user.id,
                        team_id=team.id,
                        company_id=company.id,
                        expected_revenue=1000,
                    )
                    for _number in range(2)
                )
                self.assertTrue(open_deal)
                closing |= won.sudo()
        with self._at("2026-04-02 09:00:00"):
            closing.action_set_won()
        stages = self._get_funnel(self.boss)[self.equipment.id]
        self.assertEqual(stages[0]["entered"]["amount"], 2000 + 1000 / 8 + 1000 / 4)
        self.assertEqual(stages[0]["open"]["amount"], 1000 + 1000 / 8)
        self.assertEqual(stages[-1]["entered"]["amount"], 1000 + 1000 / 4)

    def test_arguments(self):
        kpi = self._get_kpi(self.salesman)
        for filters in (
            {"nothing": 1},
            {"pipeline_ids": "1"},
            {"period": 3},
            [],
            "this_month",
            {"pipeline_ids": [True]},
        ):
            if filters:
                with self.assertRaises(UserError):
                    kpi.get_funnel(filters)
                with self.assertRaises(UserError):
                    kpi.get_cohorts(filters)
        for arguments in (
            ("nothing", {}, self.equipment.id),
            (None, {}, self.equipment.id),
            ("lost", {}, self.equipment.id, self.stray.id),
            ("lost", {}, self.equipment.id, self.won.id),
            ("lost", {}, 0),
            ("lost", {}),
            ("lost", {}, "1"),
            ("lost", {}, self.equipment.id, [1]),
            (["lost"], {}, self.equipment.id),
            ("lost", "x", self.equipment.id),
        ):
            with self.assertRaises(UserError):
                kpi.open_funnel(*arguments)

    def test_no_access(self):
        user = new_test_user(self.env, "funnel_nobody", groups="base.group_user")
        kpi = self.env["crm.kpi"].with_user(user)
        for method in (kpi.get_funnel, kpi.get_cohorts):
            with self.assertRaises(AccessError):
                method({})
        with self.assertRaises(AccessError):
            kpi.open_funnel("lost", {}, self.equipment.id)
        with self.assertRaises(AccessError):
            kpi.open_cohort("2026-01-01")

    def test_query_count(self):
        counts = []
        for number in (2, 30):
            with self._at("2026-03-02 09:00:00"):
                self.env["crm.lead"].create(
                    [self._prepare_deal(self.equipment, self.offer)] * number
                )
            self._get_funnel(self.manager)
            kpi = self._get_kpi(self.manager)
            with freeze_time(NOW):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                kpi.get_funnel({"period": PERIOD})
                kpi.get_cohorts({"period": PERIOD})
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
