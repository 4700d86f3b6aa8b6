from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestRoles(PipelineCase):
    """Who may do and see what, as in Odoo's CRM."""

    def test_salesperson_reads_pipelines(self):
        for user in (self.salesman, self.all_documents):
            pipeline = self.equipment.with_user(user)
            self.env.invalidate_all()
            self.assertEqual(pipeline.stage_ids[0].name, "P. Qualified")
            self.assertEqual(pipeline.pipeline_stage_ids[0].probability, 10)

    def test_salesperson_does_not_change_pipelines(self):
        for user in (self.salesman, self.all_documents):
            pipeline = self.equipment.with_user(user)
            line = pipeline.pipeline_stage_ids[0]
            for change in (
                lambda p=pipeline: p.write({"name": "Mine"}),
                lambda p=pipeline: p.unlink(),
                lambda p=pipeline: p.copy(),
                lambda p=pipeline: p.create({"name": "Mine"}),
                lambda p=pipeline: p.action_archive(),
                lambda p=pipeline: p.write(
                    {"pipeline_stage_ids": [(1, p.pipeline_stage_ids[0].id, {})]}
                ),
                lambda s=line: s.write({"probability": 99}),
                lambda s=line: s.write({"sequence": 99}),
                lambda s=line: s.unlink(),
                lambda s=line: s.create(
                    {"pipeline_id": self.spares.id, "stage_id": self.stray.id}
                ),
                lambda p=pipeline, u=user: (
                    self.offer.with_user(u)
                    .with_context(default_pipeline_id=p.id)
                    .web_resequence({})
                ),
            ):
                with self.assertRaises(AccessError):
                    change()

    def test_manager_changes_pipelines(self):
        with Form(self.env["crm.pipeline"].with_user(self.manager)) as form:
            form.name = "Projects"
            with form.pipeline_stage_ids.new() as line:
                line.stage_id = self.offer
                line.probability = 35
            with form.pipeline_stage_ids.new() as line:
                line.stage_id = self.won
        pipeline = form.record
        self.assertEqual(pipeline.pipeline_stage_ids.mapped("probability"), [35, 100])
        pipeline.unlink()

    def test_companies(self):
        """Another company's pipelines are neither read nor found."""
        abroad = self._new_pipeline(
            "Abroad",
            {self.qualified: 5, self.won: 100},
            company_id=self.other_company.id,
        )
        self.equipment.company_id = self.company
        pipelines = self.env["crm.pipeline"]
        for user, seen, hidden in (
            (self.salesman, self.equipment, abroad),
            (self.manager, self.equipment, abroad),
            (self.foreigner, abroad, self.equipment),
        ):
            self.env.invalidate_all()
            found = pipelines.with_user(user).search([])
            self.assertIn(seen, found)
            self.assertNotIn(hidden, found)
            lines = self.env["crm.pipeline.stage"].with_user(user).search([])
            self.assertFalse(lines & hidden.pipeline_stage_ids)
            with self.assertRaises(AccessError):
                hidden.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                hidden.pipeline_stage_ids.with_user(user).read(["probability"])

    def test_manager_of_another_company(self):
        self.equipment.company_id = self.company
        line = self.equipment.pipeline_stage_ids[0].with_user(self.foreigner)
        with self.assertRaises(AccessError):
            line.probability = 33
        with self.assertRaises(AccessError):
            self.equipment.with_user(self.foreigner).name = "Mine"

    def test_own_documents(self):
        """A salesperson with own documents works on his deals in every way."""
        deal = self._new_deal(self.equipment)
        self.env.invalidate_all()
        deal.web_save({"stage_id": self.offer.id}, {"probability": {}})
        deal.probability = 42
        deal.action_set_automated_probability()
        deal.write({"pipeline_id": self.spares.id, "stage_id": self.negotiation.id})
        deal.action_set_won_rainbowman()
        deal.stage_id = self.negotiation
        deal.action_set_lost()
        deal.action_restore()
        self.assertDeal(deal, 60, "stage", stage=self.negotiation)
        with Form(deal) as form:
            form.pipeline_id = self.equipment
        self.assertDeal(deal, 80, "stage", stage=self.negotiation)

    def test_own_documents_of_others(self):
        deal = self._new_deal(self.spares)
        mine = deal.with_user(self.salesman)
        self.env.invalidate_all()
        for change in (
            lambda: mine.write({"stage_id": self.offer.id}),
            lambda: mine.write({"probability": 42}),
            lambda: mine.action_reset_probability(),
            lambda: mine.action_set_automated_probability(),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertDeal(deal, 20, "stage", stage=self.qualified)

    def test_stage_of_another_company_in_an_error(self):
        """Errors name what the user sees, without an access error of their own."""
        deal = self._new_deal(self.equipment)
        with self.assertRefused(Exception, "“P. Stray”", "“Equipment”"):
            deal.stage_id = self.stray

    def test_open_leads(self):
        """Nobody counts what he may not see."""
        self._new_deal(self.equipment, expected_revenue=1)
        self._new_deal(self.equipment, expected_revenue=10).action_set_lost()
        self._new_deal(self.equipment, self.won, expected_revenue=100)
        self._new_deal(self.equipment, type="lead", expected_revenue=1000)
        self._new_deal(
            self.equipment,
            user_id=self.colleague.id,
            team_id=self.spares_team.id,
            expected_revenue=10000,
        )
        self._new_deal(
            self.equipment,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
            expected_revenue=100000,
        )
        for user, count, revenue in (
            (self.salesman, 1, 1),
            (self.colleague, 1, 10000),
            (self.all_documents, 2, 10001),
            (self.manager, 2, 10001),
            (self.foreigner, 1, 100000),
        ):
            pipeline = self.equipment.with_user(user)
            self.env.invalidate_all()
            self.assertEqual(pipeline.open_lead_count, count, user.login)
            self.assertEqual(pipeline.open_lead_revenue, revenue, user.login)
            self.assertEqual(self.spares.with_user(user).open_lead_count, 0)

    def test_open_leads_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "ZXX",
                "symbol": "Z",
                "rate_ids": [
                    (0, 0, {"name": "2020-01-01", "rate": 4, "company_id": False})
                ],
            }
        )
        self.company.currency_id.rate_ids.unlink()
        self.other_company.currency_id = currency
        both = self.company | self.other_company
        self.manager.company_ids = both
        self._new_deal(self.equipment, expected_revenue=10)
        self._new_deal(
            self.equipment,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
            expected_revenue=40,
        )
        pipeline = self.equipment.with_user(self.manager).with_context(
            allowed_company_ids=both.ids
        )
        self.assertEqual(pipeline.open_lead_count, 2)
        self.assertAlmostEqual(pipeline.open_lead_revenue, 20)
