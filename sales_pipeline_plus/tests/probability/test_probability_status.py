from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestProbabilityStatus(PipelineCase):
    """Winning, losing, archiving and the ways back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, cls.offer)
        cls.own = cls._new_deal(cls.equipment, cls.offer, probability=42)
        cls.spare = cls._new_deal(cls.spares, cls.negotiation)
        cls.deals = (cls.deal | cls.own | cls.spare).with_user(cls.all_documents)

    def _lose(self, deals):
        wizard = self.env["crm.lead.lost"].with_user(self.all_documents)
        wizard.create({"lead_ids": deals.ids}).action_lost_reason_apply()

    def test_won(self):
        self.deals.action_set_won()
        self.assertDeal(self.deals, 100, "stage", stage=self.won)
        self.assertEqual(set(self.deals.mapped("won_status")), {"won"})

    def test_won_with_rainbowman(self):
        self.own.action_set_won_rainbowman()
        self.assertDeal(self.own, 100, "stage", stage=self.won)

    def test_won_in_the_next_won_stage_of_the_pipeline(self):
        """The pipeline's order counts, not the stages' own sequence."""
        early, late = self.env["crm.stage"].create(
            [
                {"name": "P. Early won", "sequence": 99, "is_won": True},
                {"name": "P. Late won", "sequence": 1, "is_won": True},
            ]
        )
        pipeline = self._new_pipeline(
            "Projects",
            {
                self.qualified: 10,
                early: 100,
                self.offer: 50,
                late: 100,
                self.negotiation: 60,
            },
        )
        deals = [
            self._new_deal(pipeline, stage)
            for stage in (self.qualified, self.offer, self.negotiation)
        ]
        self.env["crm.lead"].concat(*deals).with_user(
            self.all_documents
        ).action_set_won()
        self.assertEqual([deal.stage_id for deal in deals], [early, late, late])

    def test_won_then_reopened(self):
        """A deal that was won follows its stage afterwards."""
        self.deals.action_set_won()
        self.deals.write({"stage_id": self.negotiation.id})
        self.assertDeal(self.deal | self.own, 80, "stage")
        self.assertDeal(self.spare, 60, "stage")
        self.assertEqual(set(self.deals.mapped("won_status")), {"pending"})
        self.assertFalse(any(self.deals.mapped("date_closed")))

    def test_won_cannot_get_another_probability(self):
        self.deal.action_set_won()
        with self.assertRefused(ValidationError, "Won stage"):
            self.deal.probability = 50
        self.env.invalidate_all()
        self.assertDeal(self.deal, 100, "stage")

    def test_lost(self):
        self._lose(self.deals)
        self.assertDeal(self.deals, 0, "stage")
        self.assertEqual(set(self.deals.mapped("won_status")), {"lost"})
        self.assertEqual(self.deal.stage_id, self.offer)

    def test_lost_then_restored(self):
        self._lose(self.deals)
        self.deals.action_restore()
        self.assertDeal(self.deal | self.own, 30, "stage")
        self.assertDeal(self.spare, 60, "stage")

    def test_lost_then_unarchived(self):
        self._lose(self.deals)
        self.deals.action_unarchive()
        self.assertDeal(self.deal | self.own, 30, "stage")
        self.assertDeal(self.spare, 60, "stage")

    def test_lost_then_active(self):
        self._lose(self.deals)
        self.deals.write({"active": True})
        self.assertDeal(self.deal | self.own, 30, "stage")
        self.assertDeal(self.spare, 60, "stage")
        self.assertEqual(set(self.deals.mapped("won_status")), {"pending"})

    def test_lost_then_active_with_a_probability(self):
        self._lose(self.deals)
        self.deals.write({"active": True, "probability": 60})
        self.assertDeal(self.deal | self.own, 60, "manual", automated=30)
        self.assertDeal(self.spare, 60, "stage")

    def test_lost_then_active_in_another_stage(self):
        self._lose(self.deals)
        self.deals.write({"active": True, "stage_id": self.negotiation.id})
        self.assertDeal(self.deal | self.own, 80, "stage")
        self.assertDeal(self.spare, 60, "stage")

    def test_lost_then_won(self):
        self._lose(self.deals)
        self.deals.action_set_won()
        self.assertDeal(self.deals, 100, "stage", stage=self.won)

    def test_lost_while_the_stage_changes_its_probability(self):
        self._lose(self.deals)
        self._line(self.equipment, self.offer).probability = 35
        self.assertDeal(self.deal | self.own, 0, "stage")
        self.deals.action_restore()
        self.assertDeal(self.deal | self.own, 35, "stage")

    def test_lost_by_values(self):
        """As an RPC client does it."""
        self.own.write({"active": False, "probability": 0})
        self.assertEqual(self.own.won_status, "lost")
        self.assertEqual(self.own.probability_source, "stage")

    def test_archived(self):
        """An archived deal is not lost: it keeps its probability and its source."""
        self.deals.action_archive()
        self.assertDeal(self.deal, 30, "stage")
        self.assertDeal(self.own, 42, "manual", automated=30)
        self.deals.action_unarchive()
        self.assertDeal(self.deal, 30, "stage")
        self.assertDeal(self.own, 42, "manual", automated=30)
        self.assertDeal(self.spare, 60, "stage")

    def test_archived_while_the_stage_changes_its_probability(self):
        self.deals.action_archive()
        self._line(self.equipment, self.offer).probability = 35
        self.assertEqual(self.deal.probability, 30)
        self.deals.write({"active": True})
        self.assertDeal(self.deal, 35, "stage")
        self.assertDeal(self.own, 42, "manual", automated=35)

    def test_archived_then_moved(self):
        self.deals.action_archive()
        self.deals.write({"stage_id": self.negotiation.id})
        self.deals.action_unarchive()
        self.assertDeal(self.deal, 80, "stage")
        self.assertDeal(self.own, 42, "manual", automated=80)

    def test_archived_with_a_probability(self):
        self.deal.action_archive()
        self.deal.write({"probability": 42, "priority": "1"})
        self.deal.action_unarchive()
        self.assertDeal(self.deal, 42, "manual", automated=30)

    def test_stage_becomes_won_and_open_again(self):
        self.offer.with_user(self.manager).is_won = True
        self.assertDeal(self.deal | self.own, 100, "stage")
        self.assertEqual(self._line(self.spares, self.offer).probability, 100)
        self.offer.is_won = False
        # The lines take the highest probability of the others.
        self.assertEqual(self._line(self.equipment, self.offer).probability, 80)
        self.assertDeal(self.deal | self.own, 80, "stage")


@tagged("post_install", "-at_install")
class TestOwnProbability(PipelineCase):
    """The salesperson's own value stays until he gives it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, cls.offer)

    def _run_nightly_job(self):
        with freeze_time("2026-03-01"):
            self.env["ir.config_parameter"].sudo().set_param(
                "crm.pls_start_date", "2020-01-01"
            )
            self.env["crm.lead"].sudo()._cron_update_automated_probabilities()
        self.env.invalidate_all()

    def test_kept_through_stages(self):
        self.deal.probability = 42
        for stage, automated in ((self.negotiation, 80), (self.qualified, 10)):
            self.deal.stage_id = stage
            self.assertDeal(self.deal, 42, "manual", automated=automated)

    def test_equal_value_kept_through_stages(self):
        self.deal.probability = 30
        self.assertDeal(self.deal, 30, "manual")
        self.deal.stage_id = self.negotiation
        self.assertDeal(self.deal, 30, "manual", automated=80)

    def test_value_that_comes_to_be_equal(self):
        """The deal passes a stage that has the very same probability."""
        self.deal.probability = 80
        self.deal.stage_id = self.negotiation
        self.assertDeal(self.deal, 80, "manual")
        self.deal.stage_id = self.qualified
        self.assertDeal(self.deal, 80, "manual", automated=10)

    def test_reset_by_the_form(self):
        self.deal.probability = 42
        self.deal.action_set_automated_probability()
        self.assertDeal(self.deal, 30, "stage")
        self.deal.stage_id = self.negotiation
        self.assertDeal(self.deal, 80, "stage")

    def test_reset_of_many(self):
        spare = self._new_deal(self.spares, self.negotiation, probability=30)
        equal = self._new_deal(self.equipment, self.negotiation)
        equal.probability = 80
        won = self._new_deal(self.equipment, self.won)
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        self.deal.probability = 42
        deals = self.deal | spare | equal | won | lost
        deals.with_user(self.all_documents).action_reset_probability()
        self.assertDeal(self.deal, 30, "stage")
        self.assertDeal(spare, 60, "stage")
        self.assertDeal(equal, 80, "stage")
        self.assertDeal(won, 100, "stage")
        self.assertDeal(lost, 0, "stage")

    def test_nightly_job(self):
        self.deal.probability = 42
        equal = self._new_deal(self.equipment, self.offer)
        equal.probability = 30
        follower = self._new_deal(self.spares, self.offer)
        self._run_nightly_job()
        self.assertDeal(self.deal, 42, "manual", automated=30)
        self.assertDeal(equal, 30, "manual")
        self.assertDeal(follower, 75, "stage")

    def test_nightly_job_mends_the_automated_value(self):
        """Whoever changed the database by SQL, the next night repairs it."""
        self.deal.probability = 30
        follower = self._new_deal(self.equipment, self.offer)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_pipeline_stage SET probability = 33 WHERE id = %s""",
            [self._line(self.equipment, self.offer).id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        # As in another transaction.
        self.env.cr.cache.clear()
        self._run_nightly_job()
        self.assertDeal(self.deal, 30, "manual", automated=33)
        self.assertDeal(follower, 33, "stage")

    def test_nightly_job_leaves_no_trace(self):
        """What did not change by anyone's hand keeps its date of change."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET write_date = '2020-01-01'")
        self.env.cr.execute("UPDATE crm_lead SET automated_probability = 1")
        self.env.invalidate_all()
        self._run_nightly_job()
        self.assertDeal(self.deal, 30, "stage")
        self.assertEqual(str(self.deal.write_date), "2020-01-01 00:00:00")

    def test_nightly_job_in_a_predictive_pipeline(self):
        self.equipment.probability_method = "predictive"
        team_leads = self.env["crm.lead"].with_user(self.all_documents)
        closed = team_leads.create(
            [self._prepare_deal(self.equipment, self.offer) for _i in range(6)]
        )
        closed[:4].action_set_won()
        closed[4:].action_set_lost()
        equal = self._new_deal(self.equipment, self.offer)
        self._run_nightly_job()
        equal.probability = equal.automated_probability
        own = equal.probability
        self.assertDeal(equal, own, "manual")
        follower = self._new_deal(self.equipment, self.offer)
        before = follower.probability
        closed[4:].action_restore()
        closed[4:].action_set_won()
        self._new_deal(self.equipment, self.offer).action_set_lost()
        self._run_nightly_job()
        self.assertNotEqual(follower.probability, before)
        self.assertDeal(follower, follower.probability, "predictive")
        self.assertEqual(equal.probability, own)
        self.assertEqual(equal.probability_source, "manual")
        self.assertNotEqual(equal.automated_probability, own)

    def test_equal_to_the_score(self):
        """Where Odoo scores, a value that equals the score is no claim, as in Odoo; of
        an opportunity it is one if it is written alone."""
        self.equipment.probability_method = "predictive"
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "type": "lead", "probability": 20}
        )
        self.assertEqual(lead.probability_source, "manual")
        lead.probability = lead.automated_probability
        self.assertTrue(lead.is_automated_probability)
        deal = self._new_deal(self.equipment, self.offer, probability=20)
        self.assertEqual(deal.probability_source, "manual")
        score = deal.automated_probability
        deal.write({"name": "Renamed", "probability": score})
        self.assertDeal(deal, score, "predictive")
        deal.probability = score
        self.assertDeal(deal, score, "manual")

    def test_line_change(self):
        self.deal.probability = 30
        self._line(self.equipment, self.offer).probability = 35
        self.assertDeal(self.deal, 30, "manual", automated=35)
        self._line(self.equipment, self.offer).probability = 30
        self._line(self.equipment, self.offer).probability = 25
        self.assertDeal(self.deal, 30, "manual", automated=25)

    def test_salesperson_and_team_change(self):
        self.deal.probability = 42
        self.deal.with_user(self.all_documents).write(
            {"user_id": self.colleague.id, "team_id": self.spares_team.id}
        )
        self.assertDeal(self.deal, 42, "manual", automated=30, stage=self.offer)
