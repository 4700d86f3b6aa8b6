from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """What a salesperson with own documents only does in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env, "tour_salesperson", groups="sales_team.group_sale_salesman"
        )
        stages = cls.env["crm.stage"].with_context(in_pipeline_form=True)
        start, study, offer, won = stages.create(
            [
                {"name": "Tour start", "sequence": 1},
                {"name": "Tour study", "sequence": 2},
                {"name": "Tour offer", "sequence": 3},
                {"name": "Tour won", "sequence": 4, "is_won": True},
            ]
        )
        cls.equipment, cls.consumables = cls.env["crm.pipeline"].create(
            [
                {
                    "name": name,
                    "pipeline_stage_ids": [
                        Command.create(
                            {
                                "stage_id": stage.id,
                                "sequence": rank,
                                "probability": probability,
                            }
                        )
                        for rank, (stage, probability) in enumerate(lines)
                    ],
                }
                for name, lines in (
                    (
                        "Tour equipment",
                        [(study, 20), (start, 30), (offer, 70), (won, 100)],
                    ),
                    ("Tour consumables", [(start, 40), (offer, 60), (won, 100)]),
                )
            ]
        )
        cls.study, cls.offer = study, offer

    def _create_deal(self, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Lathe for a tour",
                "type": "opportunity",
                "pipeline_id": self.equipment.id,
                "stage_id": self.study.id,
                "user_id": self.salesperson.id,
                "expected_revenue": 50000,
                **vals,
            }
        )

    def _require_revenue_in_offer(self):
        line = self.equipment.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == self.offer
        )
        line.definition = "The offer has been sent."
        line.requirement_ids = [Command.create({"field_name": "expected_revenue"})]

    def _get_deal(self):
        return self.env["crm.lead"].search([("name", "=", "Lathe for a tour")])

    def test_create_deal(self):
        self.start_tour(
            "/odoo", "sales_pipeline_plus_create_deal", login="tour_salesperson"
        )
        deal = self._get_deal()
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))
        self.assertEqual(deal.user_id, self.salesperson)

    def test_drag_deal(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_drag_deal", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))
        self.assertEqual(deal.prorated_revenue, 35000)

    def test_own_probability(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_own_probability", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))

    def test_new_attempt(self):
        self.equipment.reopening_policy = "forbidden"
        deal = self._create_deal(stage_id=self.offer.id)
        deal.action_set_lost()
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_new_attempt",
            login="tour_salesperson",
        )
        attempt = deal.attempt_ids
        self.assertEqual((deal.won_status, deal.stage_id), ("lost", self.offer))
        self.assertEqual(
            (attempt.stage_id, attempt.expected_revenue), (self.study, 50000)
        )
        self.assertEqual(attempt.user_id, self.salesperson)

    def test_required_fields_on_drag(self):
        deal = self._create_deal(expected_revenue=0)
        self._require_revenue_in_offer()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_required_on_drag", login="tour_salesperson"
        )
        self.assertEqual((deal.stage_id, deal.expected_revenue), (self.offer, 50000))

    def test_required_fields_in_form(self):
        start = self.equipment.stage_ids[1]
        deal = self._create_deal(expected_revenue=0, stage_id=start.id)
        self._require_revenue_in_offer()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_required_in_form", login="tour_salesperson"
        )
        self.assertEqual((deal.stage_id, deal.expected_revenue), (self.offer, 50000))
