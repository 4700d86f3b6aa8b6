from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestScoringStages(PipelineCase):
    """Odoo's scoring gives what it gives by its own searches of stages, whatever
    changes in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.probability_method = "predictive"
        cls.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()
        cls.first, cls.second = cls.env["crm.stage"].create(
            [{"name": "First", "sequence": -6}, {"name": "Second", "sequence": -5}]
        )
        cls.env["crm.lead.scoring.frequency"].create(
            [
                {
                    "variable": "stage_id",
                    "value": str(stage.id),
                    "won_count": won,
                    "lost_count": lost,
                }
                for stage, won, lost in (
                    (cls.first, 8, 4),
                    (cls.second, 5, 5),
                    (cls.offer, 4, 6),
                )
            ]
        )
        cls.deal = cls._new_deal(cls.equipment, cls.offer).with_user(cls.salesman)

    def _score(self):
        scored, _tooltip = self.deal._pls_get_naive_bayes_probabilities()
        return scored.get(self.deal.id)

    def _check_score(self, expected=None):
        """Check that it is the score of Odoo's own searches."""
        score = self._score()
        stages = type(self.env["crm.stage"])
        with patch.object(stages, "_are_all_readable", lambda self: False):
            self.assertEqual(score, self._score())
        if expected is not None:
            self.assertAlmostEqual(score, expected, 2)

    def test_first_stage(self):
        # (4 / 8) * (8 / 12) against (6 / 4) * (4 / 12): two parts won, three lost.
        self._check_score(40)
        self.first.sequence = 90
        # (4 / 5) * (5 / 10) against (6 / 5) * (5 / 10).
        self._check_score(40)
        self.first.sequence = -6
        self.first.team_ids = self.equipment_team
        self._check_score()
        self.second.unlink()
        self._check_score()
        self.first.team_ids = False
        self._check_score(40)

    def test_stage_of_archived_teams(self):
        """It is still a stage of teams, whoever asks for the set-up first."""
        # Of the first stage of all teams nothing is known: nothing could be scored.
        old = self.env["crm.stage"].create(
            {"name": "Old", "sequence": -9, "team_ids": self.spares_team.ids}
        )
        self.spares_team.active = False
        self._check_score(40)
        for active_test in (True, False):
            self.env["crm.setup.version"]._renew()
            old.invalidate_recordset()
            self.env["crm.pipeline"].with_context(active_test=active_test)._get_layout()
            self._check_score(40)

    def test_set_up_that_changes_in_between(self):
        """Other addons may change it while leads are scored."""
        leads = type(self.env["crm.lead"])
        original = leads._pls_get_lead_pls_values

        def change(records, domain=None):
            records.env["crm.stage"].browse(self.second.id).sequence = -3
            return original(records, domain)

        self._check_score(40)
        with patch.object(leads, "_pls_get_lead_pls_values", change):
            self.deal = self.deal.sudo()
            self._check_score(40)

    def test_won_stage(self):
        self.offer.is_won = True
        self._check_score(100)
        self.offer.is_won = False
        self._check_score()

    def test_rule_that_hides_stages(self):
        """What a user may not read is not told."""
        self._score()
        self.env["ir.rule"].create(
            {
                "name": "Not the first one",
                "model_id": self.env["ir.model"]._get_id("crm.stage"),
                "domain_force": [("id", "!=", self.first.id)],
            }
        )
        self.assertFalse(
            self.env["crm.stage"].with_user(self.salesman)._are_all_readable()
        )
        self._check_score()

    def test_user_without_stages(self):
        portal = new_test_user(self.env, "scoring_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["crm.stage"].with_user(portal)._are_all_readable()

    def test_searches_that_scoring_does_not_make(self):
        """Only our own code says that leads are scored."""
        stages = self.env["crm.stage"].with_context(opportunity_scoring=True)
        won = stages.search([("is_won", "=", True)])
        self.assertIn(self.won, won)
        self.assertEqual(
            won.ids, self.env["crm.stage"].search([("is_won", "=", True)]).ids
        )

    def test_queries(self):
        """Besides the deal's tags and the frequencies, nothing is asked again."""
        self._score()
        with self.assertQueryCount(2):
            self._score()
