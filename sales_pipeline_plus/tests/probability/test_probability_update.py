from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PipelineCase

WEIGHTED_FIELDS = (
    "prorated_revenue",
    "recurring_revenue_prorated",
    "recurring_revenue_monthly_prorated",
)


@tagged("post_install", "-at_install")
class TestProbabilityUpdate(PipelineCase):
    """A change of a pipeline's set-up reaches its open deals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.follower = cls._new_deal(cls.equipment, cls.offer)
        cls.elsewhere = cls._new_deal(cls.equipment, cls.negotiation)
        cls.spare = cls._new_deal(cls.spares, cls.offer)
        cls.line = cls.equipment.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == cls.offer
        ).with_user(cls.manager)

    def _last_note(self, pipeline):
        return pipeline.sudo().message_ids[:1].body

    def test_line(self):
        self.line.probability = 35
        self.assertDeal(self.follower, 35, "stage")
        self.assertDeal(self.elsewhere, 80, "stage")
        self.assertDeal(self.spare, 75, "stage")

    def test_line_through_the_pipeline(self):
        """The form of the pipeline writes its lines."""
        self.equipment.with_user(self.manager).write(
            {
                "pipeline_stage_ids": [
                    (1, self.line.id, {"probability": 35}),
                    (
                        1,
                        self._line(self.equipment, self.negotiation).id,
                        {"probability": 85},
                    ),
                ]
            }
        )
        self.assertDeal(self.follower, 35, "stage")
        self.assertDeal(self.elsewhere, 85, "stage")

    def test_chatter(self):
        own = self._new_deal(self.equipment, self.offer, probability=1)
        self.line.probability = 35.5
        note = self._last_note(self.equipment)
        for part in ("P. Offer", "30 %", "35.5 %", "updated: 1"):
            self.assertIn(part, note)
        self.assertDeal(own, 1, "manual", automated=35.5)

    def test_others_stay(self):
        own, equal, won, lost, archived = (
            self._new_deal(self.equipment, self.offer) for _i in range(5)
        )
        own.probability = 42
        equal.probability = 30
        won.action_set_won()
        lost.action_set_lost()
        archived.action_archive()
        self.line.probability = 35
        self.assertDeal(own, 42, "manual", automated=35)
        self.assertDeal(equal, 30, "manual", automated=35)
        self.assertDeal(won, 100, "stage", stage=self.won)
        self.assertDeal(lost, 0, "stage")
        self.assertDeal(archived, 30, "stage")

    def test_deals_that_the_manager_may_not_see(self):
        """The set-up of a shared pipeline holds in all companies."""
        abroad = self._new_deal(
            self.equipment,
            self.offer,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self.line.probability = 35
        self.assertDeal(abroad, 35, "stage")

    def test_pending_changes(self):
        """What is not in the database yet is taken into account."""
        self.elsewhere.stage_id = self.offer
        self.follower.expected_revenue = 10
        self.line.probability = 35
        self.assertDeal(self.follower | self.elsewhere, 35, "stage")

    def test_amounts_to_the_cent(self):
        """The statement rounds as the ORM does, in each company's currency."""
        yen, dinar = self.env["res.currency"].create(
            [
                {"name": "YXX", "symbol": "Y", "rounding": 1},
                {"name": "KXX", "symbol": "K", "rounding": 0.001},
            ]
        )
        companies = self.env["res.company"].create(
            [
                {"name": "Yen", "currency_id": yen.id},
                {"name": "Dinar", "currency_id": dinar.id},
            ]
        )
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Quarter", "number_of_months": 3}
        )
        amounts = (0.01, 0.05, 0.15, 1.05, 1.15, 10.10, 99.99, 1234.57, 333.335, 1e7)
        leads = self.env["crm.lead"].create(
            [
                self._prepare_deal(
                    self.equipment,
                    self.offer,
                    expected_revenue=amount,
                    recurring_revenue=amount,
                    recurring_plan=plan.id,
                    company_id=company.id,
                    user_id=False,
                    team_id=False,
                )
                for amount in amounts
                for company in (self.company, *companies)
            ]
        )
        leads.mapped("company_id")  # computed now, not while they are compared
        for probability in (50, 33.33, 12.5, 10, 0.5, 99.99):
            self.line.probability = probability
            self.env.flush_all()
            self.env.invalidate_all()
            stored = [[lead[name] for name in WEIGHTED_FIELDS] for lead in leads]
            for name in WEIGHTED_FIELDS:
                self.env.add_to_compute(leads._fields[name], leads)
            self.env.flush_all()
            self.env.invalidate_all()
            computed = [[lead[name] for name in WEIGHTED_FIELDS] for lead in leads]
            self.assertEqual(stored, computed, probability)
            self.assertEqual(set(leads.mapped("probability")), {probability})

    def test_bad_probability(self):
        for value in (100, 99.996):
            with self.assertRefused(ValidationError, "only a won stage"):
                self.line.probability = value
        with self.assertRefused(ValidationError, "always 100"):
            self._line(self.equipment, self.won).probability = 99
        self.env.invalidate_all()
        self.assertDeal(self.follower, 30, "stage")

    def test_zero(self):
        self.line.probability = 0
        self.assertDeal(self.follower, 0, "stage")
        self.assertEqual(self.follower.won_status, "pending")

    def test_to_predictive_and_back(self):
        own = self._new_deal(self.equipment, self.offer, probability=42)
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        won = self._new_deal(self.equipment, self.won)
        pipeline = self.equipment.with_user(self.manager)
        pipeline.probability_method = "predictive"
        self.env.invalidate_all()
        self.assertEqual(self.follower.probability_source, "predictive")
        self.assertEqual(own.probability_source, "manual")
        self.assertEqual(own.probability, 42)
        self.assertDeal(lost, 0, "predictive")
        self.assertDeal(won, 100, "predictive")
        self.line.probability = 35
        self.assertNotEqual(self.follower.probability, 35)
        pipeline.probability_method = "stage"
        self.assertDeal(self.follower, 35, "stage")
        self.assertDeal(own, 42, "manual", automated=35)
        self.assertDeal(self.elsewhere, 80, "stage")
        self.assertDeal(lost, 0, "stage")
        self.assertDeal(won, 100, "stage")

    def test_to_predictive_scores(self):
        """Open deals get Odoo's score at once, not the night after."""
        self.env["ir.config_parameter"].sudo().set_param(
            "crm.pls_start_date", "2020-01-01"
        )
        first = self.env["crm.stage"].search(
            [("team_ids", "=", False)], order="sequence, id", limit=1
        )
        self.env["crm.lead.scoring.frequency"].sudo().search([]).unlink()
        self.env["crm.lead.scoring.frequency"].sudo().create(
            [
                {
                    "variable": "stage_id",
                    "value": str(stage.id),
                    "won_count": won,
                    "lost_count": lost,
                    "team_id": self.equipment_team.id,
                }
                for stage, won, lost in ((first, 10, 30), (self.offer, 10, 10))
            ]
        )
        own = self._new_deal(self.equipment, self.offer, probability=42)
        self.equipment.probability_method = "predictive"
        self.env.invalidate_all()
        self.assertEqual(self.follower.probability, self.follower.automated_probability)
        self.assertNotEqual(self.follower.probability, 30)
        self.assertEqual(own.probability, 42)
        self.assertNotIn(own.automated_probability, (30, 42))

    def test_method_with_lines_in_one_write(self):
        self.equipment.probability_method = "predictive"
        self.equipment.write(
            {
                "probability_method": "stage",
                "pipeline_stage_ids": [(1, self.line.id, {"probability": 37})],
            }
        )
        self.assertDeal(self.follower, 37, "stage")
