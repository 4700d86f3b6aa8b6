from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestProbabilityCreate(PipelineCase):
    """A new deal has the probability of its stage in its pipeline."""

    def test_first_stage(self):
        self.assertDeal(self._new_deal(), 10, "stage", stage=self.qualified)
        self.assertDeal(self._new_deal(self.spares), 20, "stage", stage=self.qualified)

    def test_pipeline_of_the_team(self):
        deal = self._new_deal(user_id=self.colleague.id, team_id=self.spares_team.id)
        self.assertEqual(deal.pipeline_id, self.spares)

    def test_later_stage(self):
        deal = self._new_deal(self.equipment, self.negotiation)
        self.assertDeal(deal, 80, "stage")
        self.assertDeal(self._new_deal(self.spares, self.negotiation), 60, "stage")

    def test_later_stage_of_the_default_pipeline(self):
        """The pipeline is not given: the team's is taken, the stage stays."""
        self.assertDeal(
            self._new_deal(None, self.negotiation), 80, "stage", stage=self.negotiation
        )

    def test_several_at_once(self):
        leads = self.env["crm.lead"].with_user(self.all_documents)
        deals = leads.create(
            [
                self._prepare_deal(self.equipment, self.offer),
                self._prepare_deal(self.spares, self.offer),
                self._prepare_deal(self.spares),
                self._prepare_deal(self.equipment, self.won),
                self._prepare_deal(self.equipment, self.offer, probability=5),
            ]
        )
        self.assertDeal(deals[0], 30, "stage")
        self.assertDeal(deals[1], 75, "stage")
        self.assertDeal(deals[2], 20, "stage")
        self.assertDeal(deals[3], 100, "stage")
        self.assertDeal(deals[4], 5, "manual", automated=30)

    def test_won(self):
        deal = self._new_deal(self.equipment, self.won)
        self.assertDeal(deal, 100, "stage")
        self.assertEqual(deal.won_status, "won")
        self.assertTrue(deal.date_closed)

    def test_won_with_another_probability(self):
        """Won is 100 %, whatever is sent along."""
        deal = self._new_deal(self.equipment, self.won, probability=30)
        self.assertDeal(deal, 100, "stage")
        self.assertEqual(deal.won_status, "won")

    def test_won_by_default_stage(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        vals = self._prepare_deal(self.equipment, probability=30)
        deal = leads.with_context(default_stage_id=self.won.id).create(vals)
        self.assertDeal(deal, 100, "stage", stage=self.won)

    def test_given_probability(self):
        deal = self._new_deal(self.equipment, self.offer, probability=42)
        self.assertDeal(deal, 42, "manual", automated=30)

    def test_given_zero(self):
        deal = self._new_deal(self.equipment, self.offer, probability=0)
        self.assertDeal(deal, 0, "manual", automated=30)
        self.assertEqual(deal.won_status, "pending")

    def test_given_default_probability(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(default_probability=42)
        deal = leads.create(self._prepare_deal(self.equipment, self.offer))
        self.assertDeal(deal, 42, "manual", automated=30)

    def test_given_probability_equal_to_the_stage(self):
        """Clients send along what they showed."""
        deal = self._new_deal(self.equipment, self.offer, probability=30)
        self.assertDeal(deal, 30, "stage")

    def test_given_probability_and_automated(self):
        """Odoo's form sends both when it creates."""
        deal = self._new_deal(
            self.equipment, self.offer, probability=42, automated_probability=30
        )
        self.assertDeal(deal, 42, "manual", automated=30)
        deal = self._new_deal(
            self.equipment, self.offer, probability=30, automated_probability=30
        )
        self.assertDeal(deal, 30, "stage")

    def test_given_outdated_automated(self):
        """A client's automated value is no reason to keep a wrong one."""
        deal = self._new_deal(
            self.equipment, self.offer, probability=10, automated_probability=10
        )
        self.assertEqual(deal.automated_probability, 30)

    def test_given_hundred_in_an_open_stage(self):
        deal = self._new_deal(self.equipment, self.offer, probability=100)
        self.assertDeal(deal, 100, "manual", automated=30)
        self.assertEqual(deal.won_status, "pending")

    def test_lost(self):
        deal = self._new_deal(self.equipment, self.offer, probability=0, active=False)
        self.assertEqual(deal.won_status, "lost")
        self.assertEqual(deal.probability_source, "stage")
        deal.action_restore()
        self.assertDeal(deal, 30, "stage")

    def test_form(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        with Form(leads.with_context(default_type="opportunity")) as form:
            form.name = "By form"
            form.expected_revenue = 1234.56
            self.assertEqual(form.probability, 10)
        self.assertDeal(form.record, 10, "stage", stage=self.qualified)
        self.assertEqual(form.record.pipeline_id, self.equipment)

    def test_form_with_default_stage(self):
        """The kanban's column gives the stage when a deal is created there."""
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(
            default_type="opportunity",
            default_stage_id=self.negotiation.id,
            default_pipeline_id=self.spares.id,
        )
        with Form(leads) as form:
            form.name = "By form"
            self.assertEqual(form.probability, 60)
        self.assertDeal(form.record, 60, "stage", stage=self.negotiation)
        self.assertEqual(form.record.pipeline_id, self.spares)

    def test_form_with_own_probability(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        with Form(leads.with_context(default_type="opportunity")) as form:
            form.name = "By form"
            form.probability = 35
        self.assertDeal(form.record, 35, "manual", automated=10)

    def test_form_with_default_probability(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(default_type="opportunity", default_probability=42)
        with Form(leads) as form:
            form.name = "By form"
        self.assertDeal(form.record, 42, "manual", automated=10)

    def test_form_of_a_won_stage(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(
            default_type="opportunity", default_stage_id=self.won.id
        )
        with Form(leads) as form:
            form.name = "By form"
        self.assertDeal(form.record, 100, "stage", stage=self.won)

    def test_source_with_an_outdated_value(self):
        """A form that was opened before the stage's probability changed."""
        deal = self._new_deal(
            self.equipment, self.offer, probability=25, probability_source="stage"
        )
        self.assertDeal(deal, 30, "stage")

    def test_source_manual(self):
        """The form says so, even of a value that is equal."""
        deal = self._new_deal(
            self.equipment, self.offer, probability=30, probability_source="manual"
        )
        self.assertDeal(deal, 30, "manual")

    def test_source_alone(self):
        for source in ("manual", "predictive", "stage", False):
            deal = self._new_deal(self.equipment, self.offer, probability_source=source)
            self.assertDeal(deal, 30, "stage")

    def test_quick_create(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(
            default_type="opportunity", default_stage_id=self.offer.id
        )
        with Form(leads, view="crm.quick_create_opportunity_form") as form:
            form.name = "Quick"
            form.expected_revenue = 99.99
        self.assertDeal(form.record, 30, "stage", stage=self.offer)

    def test_name_create(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(
            default_type="opportunity", default_stage_id=self.offer.id
        )
        deal = leads.browse(leads.name_create("Quick")[0])
        self.assertDeal(deal, 30, "stage", stage=self.offer)

    def test_copy(self):
        deal = self._new_deal(self.spares, self.negotiation, probability=33)
        copy = deal.copy()
        self.assertDeal(copy, 20, "stage", stage=self.qualified)
        self.assertEqual(copy.pipeline_id, self.spares)

    def test_copy_of_a_pipeline_that_is_not_the_default(self):
        deal = self._new_deal(
            self.spares,
            self.negotiation,
            user_id=self.salesman.id,
            team_id=self.equipment_team.id,
        )
        copy = deal.copy()
        self.assertEqual(copy.pipeline_id, self.spares)
        self.assertDeal(copy, 20, "stage", stage=self.qualified)

    def test_copy_of_closed(self):
        won = self._new_deal(self.equipment, self.won)
        self.assertDeal(won.copy(), 10, "stage", stage=self.qualified)
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        self.assertEqual(lost.copy({"active": True}).probability, 10)

    def test_incoming_mail(self):
        leads = self.env["crm.lead"].with_context(
            default_team_id=self.spares_team.id, default_type="opportunity"
        )
        deal = leads.message_new(
            {
                "subject": "Please make me an offer",
                "from": "jane@customer.example.com",
                "email_from": "jane@customer.example.com",
                "author_id": False,
            },
            {"team_id": self.spares_team.id},
        )
        self.assertEqual(deal.pipeline_id, self.spares)
        self.assertDeal(deal, 20, "stage", stage=self.qualified)

    def test_without_user_and_team(self):
        """A pipeline that is open to all is found for a deal of nobody."""
        deal = self._new_deal(
            user=self.manager, user_id=False, team_id=False, company_id=False
        )
        self.assertTrue(deal.pipeline_id)
        self.assertIn(deal.stage_id, deal.pipeline_id.stage_ids)

    def test_lead(self):
        """A lead that is no opportunity yet follows its pipeline as well."""
        lead = self._new_deal(type="lead")
        self.assertDeal(lead, 10, "stage", stage=self.qualified)
