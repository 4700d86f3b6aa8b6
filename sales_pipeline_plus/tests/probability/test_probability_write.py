from psycopg2 import IntegrityError

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestProbabilityWrite(PipelineCase):
    """Stage changes, on each of the ways that the web client and others use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment)
        cls.spare = cls._new_deal(cls.spares)
        cls.both = (cls.deal | cls.spare).with_user(cls.all_documents)

    def _save(self, deals, vals):
        return deals.web_save(vals, {"probability": {}, "stage_id": {}})

    def test_stage(self):
        self.deal.stage_id = self.negotiation
        self.assertDeal(self.deal, 80, "stage")

    def test_context_from_outside_changes_no_probability(self):
        deal = self.deal.with_user(self.salesman)
        deal = deal.with_context(scored_in_stage_id=self.negotiation.id)
        deal.stage_id = self.offer
        self.assertDeal(self.deal, 30, "stage")

    def test_drag(self):
        """The kanban sends the stage alone, and shows what it gets back."""
        found = self._save(self.deal, {"stage_id": self.negotiation.id})
        self.assertEqual(found[0]["probability"], 80)
        self.assertDeal(self.deal, 80, "stage")

    def test_two_pipelines_in_one_write(self):
        self.both.write({"stage_id": self.negotiation.id})
        self.assertDeal(self.deal, 80, "stage")
        self.assertDeal(self.spare, 60, "stage")
        self.both.write({"stage_id": self.offer.id, "priority": "2"})
        self.assertDeal(self.deal, 30, "stage")
        self.assertDeal(self.spare, 75, "stage")

    def test_two_pipelines_by_multi_edit(self):
        self.both.web_save_multi(
            [{"stage_id": self.offer.id}, {"stage_id": self.negotiation.id}],
            {"probability": {}},
        )
        self.assertDeal(self.deal, 30, "stage")
        self.assertDeal(self.spare, 60, "stage")

    def test_two_pipelines_with_one_manual(self):
        self.spare.probability = 33
        self.both.write({"stage_id": self.negotiation.id})
        self.assertDeal(self.deal, 80, "stage")
        self.assertDeal(self.spare, 33, "manual", automated=60)

    def test_two_pipelines_to_won(self):
        self.spare.probability = 33
        self.both.write({"stage_id": self.won.id})
        self.assertDeal(self.both, 100, "stage")
        self.assertEqual(set(self.both.mapped("won_status")), {"won"})
        self.assertTrue(all(self.both.mapped("date_closed")))

    def test_client_sends_the_new_value_along(self):
        """What a form computed when its stage changed is not the salesperson's."""
        self._save(self.deal, {"stage_id": self.negotiation.id, "probability": 80})
        self.assertDeal(self.deal, 80, "stage")

    def test_client_sends_all_values_along(self):
        self._save(
            self.deal,
            {
                "stage_id": self.negotiation.id,
                "probability": 80,
                "automated_probability": 80,
            },
        )
        self.assertDeal(self.deal, 80, "stage")

    def test_client_sends_an_own_value_along(self):
        self._save(self.deal, {"stage_id": self.negotiation.id, "probability": 55})
        self.assertDeal(self.deal, 55, "manual", automated=80)

    def test_client_sends_an_own_value_and_the_automated_one_along(self):
        self._save(
            self.deal,
            {
                "stage_id": self.negotiation.id,
                "probability": 55,
                "automated_probability": 80,
            },
        )
        self.assertDeal(self.deal, 55, "manual", automated=80)

    def test_client_sends_the_old_value_along(self):
        """The value that the former stage had differs from the new stage's."""
        self._save(self.deal, {"stage_id": self.negotiation.id, "probability": 10})
        self.assertDeal(self.deal, 10, "manual", automated=80)

    def test_two_pipelines_with_one_given_value(self):
        self.both.write({"stage_id": self.negotiation.id, "probability": 60})
        self.assertDeal(self.deal, 60, "manual", automated=80)
        self.assertDeal(self.spare, 60, "stage")

    def test_value_among_other_fields(self):
        """An RPC client may write back all that it read."""
        self._save(self.deal, {"probability": 10, "priority": "1"})
        self.assertDeal(self.deal, 10, "stage")
        self._save(self.deal, {"probability": 11, "priority": "1"})
        self.assertDeal(self.deal, 11, "manual", automated=10)

    def test_won_with_a_value(self):
        self._save(self.deal, {"stage_id": self.won.id, "probability": 10})
        self.assertDeal(self.deal, 100, "stage")

    def test_pipeline_and_stage(self):
        self.deal.write({"pipeline_id": self.spares.id, "stage_id": self.offer.id})
        self.assertDeal(self.deal, 75, "stage", stage=self.offer)

    def test_pipeline_alone_with_a_shared_stage(self):
        self.deal.stage_id = self.negotiation
        self.deal.pipeline_id = self.spares
        self.assertDeal(self.deal, 60, "stage", stage=self.negotiation)

    def test_pipeline_keeps_the_own_value(self):
        self.deal.probability = 33
        self.deal.write({"pipeline_id": self.spares.id, "stage_id": self.offer.id})
        self.assertDeal(self.deal, 33, "manual", automated=75)

    def test_form(self):
        with Form(self.deal) as form:
            form.stage_id = self.negotiation
            self.assertEqual(form.probability, 80)
            form.priority = "1"
        self.assertDeal(self.deal, 80, "stage")

    def test_form_with_own_probability(self):
        with Form(self.deal) as form:
            form.probability = 44
            self.assertFalse(form.is_automated_probability)
        self.assertDeal(self.deal, 44, "manual", automated=10)

    def test_form_with_stage_then_own_probability(self):
        with Form(self.deal) as form:
            form.stage_id = self.negotiation
            form.probability = 44
        self.assertDeal(self.deal, 44, "manual", automated=80)

    def test_form_with_own_probability_then_stage(self):
        with Form(self.deal) as form:
            form.probability = 44
            form.stage_id = self.negotiation
            self.assertEqual(form.probability, 44)
        self.assertDeal(self.deal, 44, "manual", automated=80)

    def test_form_stage_there_and_back(self):
        with Form(self.deal) as form:
            form.stage_id = self.negotiation
            form.stage_id = self.qualified
            form.priority = "1"
        self.assertDeal(self.deal, 10, "stage")

    def test_list(self):
        """In the list, cells of several rows are written one record each."""
        self._save(self.deal, {"probability": 42})
        self.assertDeal(self.deal, 42, "manual", automated=10)

    def test_other_fields_keep_all(self):
        self.deal.probability = 42
        self.deal.write({"name": "Renamed", "country_id": self.env.ref("base.fr").id})
        self.assertDeal(self.deal, 42, "manual", automated=10)
        self.spare.write({"name": "Renamed", "country_id": self.env.ref("base.fr").id})
        self.assertDeal(self.spare, 20, "stage")

    def test_expected_revenue(self):
        self.deal.expected_revenue = 77.77
        self.assertDeal(self.deal, 10, "stage")

    def test_same_stage(self):
        self.deal.probability = 42
        self.deal.stage_id = self.deal.stage_id
        self.assertDeal(self.deal, 42, "manual", automated=10)

    def test_source_alone_resets(self):
        self.deal.probability = 42
        self.deal.probability_source = "stage"
        self.assertDeal(self.deal, 10, "stage")

    def test_source_alone_claims(self):
        self.deal.probability_source = "manual"
        self.assertDeal(self.deal, 10, "manual")
        self.deal.stage_id = self.negotiation
        self.assertDeal(self.deal, 10, "manual", automated=80)

    def test_source_of_another_pipeline(self):
        """A deal has no other automatic source than its pipeline's."""
        self.deal.probability_source = "predictive"
        self.assertDeal(self.deal, 10, "stage")

    def test_source_with_value(self):
        self._save(self.deal, {"probability": 10, "probability_source": "manual"})
        self.assertDeal(self.deal, 10, "manual")
        self._save(
            self.deal,
            {
                "stage_id": self.offer.id,
                "probability": 25,
                "probability_source": "stage",
            },
        )
        self.assertDeal(self.deal, 30, "stage")

    def test_impossible_probability(self):
        for value in (-1, 101):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                self.deal.probability = value
                self.env.flush_all()
            self.env.invalidate_all()
        self.assertDeal(self.deal, 10, "stage")
