from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestMerge(PipelineCase):
    """What is left of several deals is in a stage of its pipeline."""

    def _merge(self, *deals, **options):
        deals = self.env["crm.lead"].concat(*deals).with_user(self.all_documents)
        return deals.merge_opportunity(**options)

    def test_same_pipeline(self):
        head = self._new_deal(self.equipment, self.negotiation)
        merged = self._merge(self._new_deal(self.equipment, self.offer), head)
        self.assertEqual(merged, head)
        self.assertDeal(merged, 80, "stage", stage=self.negotiation)

    def test_own_value_of_the_main_deal(self):
        head = self._new_deal(self.equipment, self.negotiation, probability=33)
        merged = self._merge(self._new_deal(self.equipment, self.offer), head)
        self.assertDeal(merged, 33, "manual", automated=80)

    def test_own_value_of_another_deal(self):
        """Odoo does not merge probabilities."""
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment, self.offer, probability=33)
        self.assertDeal(self._merge(tail, head), 80, "stage")

    def test_different_pipelines(self):
        head = self._new_deal(self.spares, self.negotiation)
        merged = self._merge(self._new_deal(self.equipment, self.offer), head)
        self.assertEqual(merged.pipeline_id, self.spares)
        self.assertDeal(merged, 60, "stage", stage=self.negotiation)

    def test_team_that_the_pipeline_is_open_to(self):
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment, self.offer)
        merged = self._merge(head, tail, team_id=self.spares_team.id)
        self.assertEqual(merged.team_id, self.spares_team)
        self.assertEqual(merged.pipeline_id, self.equipment)
        self.assertDeal(merged, 80, "stage", stage=self.negotiation)

    def test_team_that_the_pipeline_is_not_open_to(self):
        self.equipment.team_ids = self.equipment_team
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment, self.offer)
        merged = self._merge(head, tail, team_id=self.spares_team.id)
        self.assertEqual(merged.pipeline_id, self.spares)
        self.assertDeal(merged, 60, "stage", stage=self.negotiation)

    def test_team_whose_pipeline_has_other_stages(self):
        """A stage of one of the deals is kept where it fits, else it starts again."""
        self.equipment.team_ids = self.equipment_team
        other = self._new_pipeline("Projects", {self.stray: 5, self.offer: 45})
        self.spares_team.pipeline_id = other
        for tail_stage, stage, probability in (
            (self.offer, self.offer, 45),
            (self.qualified, self.stray, 5),
        ):
            head = self._new_deal(self.equipment, self.negotiation)
            tail = self._new_deal(self.equipment, tail_stage)
            merged = self._merge(head, tail, team_id=self.spares_team.id)
            self.assertEqual(merged.pipeline_id, other)
            self.assertDeal(merged, probability, "stage", stage=stage)

    def test_wizard(self):
        head = self._new_deal(self.spares, self.offer)
        tail = self._new_deal(self.equipment, self.qualified)
        wizard = self.env["crm.merge.opportunity"].with_user(self.all_documents)
        wizard = wizard.with_context(active_ids=(head | tail).ids).create(
            {"user_id": self.salesman.id}
        )
        wizard.action_merge()
        self.assertFalse(tail.exists())
        self.assertEqual(head.user_id, self.salesman)
        self.assertEqual(head.team_id, self.equipment_team)
        self.assertDeal(head, 75, "stage", stage=self.offer)

    def test_with_a_lost_deal(self):
        lost = self._new_deal(self.equipment, self.negotiation)
        lost.action_set_lost()
        head = self._new_deal(self.equipment, self.offer)
        merged = self._merge(head, lost)
        self.assertIn(merged.stage_id, self.equipment.stage_ids)
        merged.action_restore()
        line = self._line(self.equipment, merged.stage_id)
        self.assertDeal(merged, line.probability, "stage")

    def test_stage_for_other_teams(self):
        """Odoo's team limit of a stage does not count in such a pipeline."""
        self.negotiation.team_ids = self.spares_team
        head = self._new_deal(self.equipment, self.negotiation)
        merged = self._merge(head, self._new_deal(self.equipment, self.offer))
        self.assertIn(merged.stage_id, self.equipment.stage_ids)
        self.assertDeal(merged, 80, "stage", stage=self.negotiation)


@tagged("post_install", "-at_install")
class TestConvert(PipelineCase):
    """A lead enters the pipeline of the team that it is converted for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_deal(
            type="lead", email_from="jane@customer.example.com", contact_name="Jane"
        )

    def _convert(self, leads, **vals):
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.all_documents)
        wizard = wizard.with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[:1].id
        ).create({"name": "convert", "action": "create", **vals})
        wizard.action_apply()

    def test_same_team(self):
        self._convert(self.lead)
        self.assertEqual(self.lead.type, "opportunity")
        self.assertDeal(self.lead, 10, "stage", stage=self.qualified)

    def test_other_team(self):
        self._convert(self.lead, user_id=self.colleague.id, team_id=self.spares_team.id)
        self.assertEqual(self.lead.pipeline_id, self.spares)
        self.assertDeal(self.lead, 20, "stage", stage=self.qualified)

    def test_other_team_with_other_stages(self):
        other = self._new_pipeline("Projects", {self.stray: 5, self.won: 100})
        self.spares_team.pipeline_id = other
        self._convert(self.lead, user_id=self.colleague.id, team_id=self.spares_team.id)
        self.assertEqual(self.lead.pipeline_id, other)
        self.assertDeal(self.lead, 5, "stage", stage=self.stray)

    def test_other_team_with_a_limited_pipeline(self):
        self.equipment.team_ids = self.equipment_team
        self.spares.team_ids = self.spares_team
        self._convert(self.lead, user_id=self.colleague.id, team_id=self.spares_team.id)
        self.assertEqual(self.lead.pipeline_id, self.spares)
        self.assertDeal(self.lead, 20, "stage", stage=self.qualified)

    def test_own_probability_of_the_lead(self):
        self.lead.probability = 33
        self._convert(self.lead, user_id=self.colleague.id)
        self.assertDeal(self.lead, 33, "manual", automated=20)

    def test_without_pipeline_yet(self):
        """A lead of nobody that finds its team when it is converted."""
        lead = self._new_deal(
            type="lead", user_id=False, team_id=False, user=self.manager
        )
        self._convert(lead, user_id=self.colleague.id)
        self.assertEqual(lead.team_id, self.spares_team)
        self.assertEqual(lead.pipeline_id, self.spares)
        self.assertDeal(lead, 20, "stage", stage=self.qualified)

    def test_merge_with_an_opportunity(self):
        deal = self._new_deal(
            self.equipment, self.negotiation, email_from="jane@customer.example.com"
        )
        self._convert(
            self.lead,
            name="merge",
            duplicated_lead_ids=(deal | self.lead).ids,
            user_id=self.colleague.id,
        )
        self.assertFalse(self.lead.exists())
        self.assertEqual(deal.team_id, self.spares_team)
        self.assertDeal(deal, 80, "stage", stage=self.negotiation)

    def test_merge_for_a_team_that_the_pipeline_is_not_open_to(self):
        self.equipment.team_ids = self.equipment_team
        deal = self._new_deal(
            self.equipment, self.negotiation, email_from="jane@customer.example.com"
        )
        with self.assertRefused(UserError, "“Equipment”", "“Spares”"):
            self._convert(
                self.lead,
                name="merge",
                duplicated_lead_ids=(deal | self.lead).ids,
                user_id=self.colleague.id,
            )
        self.assertTrue(self.lead.exists())

    def test_mass(self):
        leads = self.lead | self._new_deal(type="lead")
        wizard = self.env["crm.lead2opportunity.partner.mass"]
        wizard = wizard.with_user(self.all_documents).with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
        )
        wizard.create(
            {
                "user_ids": self.colleague.ids,
                "team_id": self.spares_team.id,
                "deduplicate": False,
                "force_assignment": True,
            }
        ).action_mass_convert()
        self.assertEqual(set(leads.mapped("type")), {"opportunity"})
        self.assertEqual(leads.pipeline_id, self.spares)
        self.assertDeal(leads, 20, "stage", stage=self.qualified)

    def test_mass_without_forcing(self):
        """Leads with a salesperson stay with him and in his team's pipeline."""
        free = self._new_deal(type="lead", user_id=False, user=self.manager)
        leads = self.lead | free
        wizard = self.env["crm.lead2opportunity.partner.mass"]
        wizard = wizard.with_user(self.all_documents).with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
        )
        wizard.create(
            {
                "user_ids": self.colleague.ids,
                "team_id": self.spares_team.id,
                "deduplicate": False,
                "force_assignment": False,
            }
        ).action_mass_convert()
        self.assertEqual(self.lead.pipeline_id, self.equipment)
        self.assertDeal(self.lead, 10, "stage", stage=self.qualified)
        self.assertEqual(free.pipeline_id, self.spares)
        self.assertDeal(free, 20, "stage", stage=self.qualified)

    def test_method(self):
        self.lead.with_user(self.all_documents).convert_opportunity(
            False, user_ids=self.colleague.ids, team_id=self.spares_team.id
        )
        self.assertEqual(self.lead.pipeline_id, self.spares)
        self.assertDeal(self.lead, 20, "stage", stage=self.qualified)

    def test_team_assignment(self):
        """Odoo deals out the leads of nobody to teams and converts them."""
        self.env["crm.lead"].search(
            [("user_id", "=", False), ("id", "!=", self.lead.id)]
        ).active = False
        team = self.spares_team
        team.write(
            {
                "use_leads": True,
                "use_opportunities": True,
                "assignment_domain": "[('name', '=', 'Dealt out')]",
            }
        )
        team.crm_team_member_ids.assignment_max = 300
        leads = self.env["crm.lead"].create(
            [
                self._prepare_deal(
                    type="lead",
                    name="Dealt out",
                    user_id=False,
                    team_id=False,
                    company_id=False,
                    email_from=f"{number}@customer.example.com",
                )
                for number in range(3)
            ]
        )
        self.env["ir.config_parameter"].sudo().set_param(
            "crm.lead.auto.assignment", True
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = now() - %s * interval '1 day'"
            " WHERE id IN %s",
            [2, tuple(leads.ids)],
        )
        self.env.invalidate_all()
        team.with_user(self.manager).sudo()._action_assign_leads()
        self.assertEqual(set(leads.mapped("type")), {"opportunity"})
        self.assertEqual(leads.team_id, team)
        self.assertTrue(all(leads.mapped("user_id")))
        self.assertEqual(leads.pipeline_id, self.spares)
        self.assertDeal(leads, 20, "stage", stage=self.qualified)

    def test_lead_follows_its_team(self):
        self.lead.with_user(self.all_documents).team_id = self.spares_team
        self.assertEqual(self.lead.pipeline_id, self.spares)
        self.assertDeal(self.lead, 20, "stage", stage=self.qualified)
