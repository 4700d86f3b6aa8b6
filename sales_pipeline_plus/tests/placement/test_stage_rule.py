from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestStageRule(PipelineCase):
    """A deal is in a stage of its pipeline: else a clear error, never a reset."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, cls.offer, name="Lathe")
        cls.own_stage = cls.env["crm.stage"].create({"name": "P. Own"})
        cls.other = cls._new_pipeline(
            "Projects", {cls.own_stage: 15, cls.negotiation: 50, cls.won: 100}
        )

    def test_write(self):
        with self.assertRefused(
            ValidationError,
            "“Lathe”",
            "“P. Stray”",
            "“Equipment”",
            "P. Qualified, P. Offer, P. Negotiation, P. Won",
        ):
            self.deal.stage_id = self.stray
        self.env.invalidate_all()
        self.assertDeal(self.deal, 30, "stage", stage=self.offer)

    def test_write_by_the_web_client(self):
        with self.assertRefused(ValidationError, "“Lathe”", "“P. Stray”"):
            self.deal.web_save({"stage_id": self.stray.id}, {"stage_id": {}})

    def test_write_several(self):
        """Nothing is half done when one of them is refused."""
        project = self._new_deal(self.other, self.negotiation)
        deals = (project | self.deal).with_user(self.all_documents)
        with self.assertRefused(ValidationError, "“Lathe”", "“P. Own”", "“Equipment”"):
            deals.write({"stage_id": self.own_stage.id, "priority": "2"})
        self.env.invalidate_all()
        self.assertDeal(project, 50, "stage", stage=self.negotiation)
        self.assertDeal(self.deal, 30, "stage", stage=self.offer)
        self.assertEqual(set(deals.mapped("priority")), {"0"})

    def test_create(self):
        with self.assertRefused(
            ValidationError, "“Deal”", "“P. Stray”", "“Spare parts”"
        ):
            self._new_deal(self.spares, self.stray)

    def test_create_several(self):
        count = self.env["crm.lead"].search_count([])
        leads = self.env["crm.lead"].with_user(self.salesman)
        with self.assertRefused(ValidationError, "“Wrong”", "“P. Stray”"):
            leads.create(
                [
                    self._prepare_deal(self.equipment, self.offer),
                    self._prepare_deal(self.equipment, self.stray, name="Wrong"),
                ]
            )
        self.assertEqual(self.env["crm.lead"].search_count([]), count)

    def test_pipeline_alone(self):
        """The stage that the new pipeline lacks is not replaced in silence."""
        with self.assertRefused(
            ValidationError, "“Lathe”", "“P. Offer”", "“Projects”", "P. Own"
        ):
            self.deal.pipeline_id = self.other
        self.env.invalidate_all()
        self.assertEqual(self.deal.pipeline_id, self.equipment)
        self.deal.write({"pipeline_id": self.other.id, "stage_id": self.own_stage.id})
        self.assertDeal(self.deal, 15, "stage", stage=self.own_stage)

    def test_pipeline_in_the_form(self):
        """The form shows where the deal starts again before it is saved."""
        with Form(self.deal) as form:
            form.pipeline_id = self.other
            self.assertEqual(form.stage_id, self.own_stage)
            self.assertEqual(form.probability, 15)
        self.assertDeal(self.deal, 15, "stage", stage=self.own_stage)

    def test_pipeline_in_the_form_with_a_shared_stage(self):
        with Form(self.deal) as form:
            form.pipeline_id = self.spares
            self.assertEqual(form.stage_id, self.offer)
            self.assertEqual(form.probability, 75)
        self.assertDeal(self.deal, 75, "stage", stage=self.offer)

    def test_without_stage(self):
        with self.assertRefused(ValidationError, "“Lathe” needs a stage", "P. Offer"):
            self.deal.stage_id = False
        self.assertDeal(self.deal, 30, "stage", stage=self.offer)

    def test_create_without_stage(self):
        """As an import with an empty cell does."""
        deal = self._new_deal(self.spares, stage_id=False)
        self.assertDeal(deal, 20, "stage", stage=self.qualified)

    def test_without_pipeline(self):
        with self.assertRefused(ValidationError, "“Lathe” cannot leave.*“Equipment”"):
            self.deal.pipeline_id = False
        self.assertEqual(self._new_deal(pipeline_id=False).pipeline_id, self.equipment)

    def test_team_change(self):
        """Open to all teams: the deal stays where it is."""
        deal = self.deal.with_user(self.all_documents)
        deal.team_id = self.spares_team
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertDeal(deal, 30, "stage", stage=self.offer)
        deal.team_id = False
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertDeal(deal, 30, "stage", stage=self.offer)

    def test_salesperson_change(self):
        deal = self.deal.with_user(self.all_documents)
        deal.user_id = self.colleague
        self.assertEqual(deal.team_id, self.spares_team)
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertDeal(deal, 30, "stage", stage=self.offer)

    def test_team_change_that_is_refused(self):
        self.equipment.team_ids = self.equipment_team
        deal = self.deal.with_user(self.all_documents)
        with self.assertRefused(ValidationError, "“Lathe”", "“Equipment”", "“Spares”"):
            deal.team_id = self.spares_team
        self.env.invalidate_all()
        self.assertEqual(deal.team_id, self.equipment_team)
        deal.write({"team_id": self.spares_team.id, "pipeline_id": self.spares.id})
        self.assertDeal(deal, 75, "stage", stage=self.offer)

    def test_team_change_in_the_form(self):
        """The form proposes no other pipeline: the deal stays where it was put."""
        self.spares_team.pipeline_id = self.other
        with Form(self.deal.with_user(self.all_documents)) as form:
            form.team_id = self.spares_team
            self.assertEqual(form.pipeline_id, self.equipment)
            self.assertEqual(form.stage_id, self.offer)
        self.assertDeal(self.deal, 30, "stage", stage=self.offer)

    def test_company_change(self):
        deal = self.deal.sudo()
        deal.write(
            {"company_id": self.other_company.id, "team_id": False, "user_id": False}
        )
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertDeal(deal, 30, "stage", stage=self.offer)

    def test_company_change_that_is_refused(self):
        self.equipment.company_id = self.company
        with self.assertRefused(UserError, "Lathe"):
            self.deal.sudo().write(
                {
                    "company_id": self.other_company.id,
                    "team_id": False,
                    "user_id": False,
                }
            )

    def test_stage_limited_to_other_teams(self):
        """Outside of pipelines that follow Odoo's stages the pipeline decides."""
        self.offer.team_ids = self.spares_team
        self.deal.with_user(self.all_documents).team_id = self.spares_team
        self.deal.with_user(self.all_documents).team_id = self.equipment_team
        self.assertDeal(self.deal, 30, "stage", stage=self.offer)

    def test_following_pipeline_resets_as_odoo(self):
        own, others = self.env["crm.stage"].create(
            [
                {"name": "P. Spares only", "team_ids": self.spares_team.ids},
                {"name": "P. Machines only", "team_ids": self.equipment_team.ids},
            ]
        )
        following = self._new_pipeline(
            "As in Odoo",
            {own: 5, others: 6, self.qualified: 10, self.won: 100},
            follow_odoo_stages=True,
            probability_method="predictive",
        )
        (self.equipment_team | self.spares_team).pipeline_id = following
        deal = self._new_deal(following, own, team_id=self.spares_team.id)
        self.assertEqual(deal.available_stage_ids, own + self.qualified + self.won)
        deal.with_user(self.all_documents).team_id = self.equipment_team
        self.assertEqual(deal.stage_id, others)
        self.assertEqual(deal.pipeline_stage_id, self._line(following, others))

    def test_following_pipeline_stays_when_the_team_changes(self):
        following = self._new_pipeline(
            "As in Odoo",
            {self.qualified: 10, self.won: 100},
            follow_odoo_stages=True,
        )
        self.equipment_team.pipeline_id = following
        deal = self._new_deal()
        self.assertEqual(deal.pipeline_id, following)
        deal.with_user(self.all_documents).team_id = self.spares_team
        self.assertEqual(deal.pipeline_id, following)
        self.assertDeal(deal, 10, "stage", stage=self.qualified)
