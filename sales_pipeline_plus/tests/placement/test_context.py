from odoo.tests import tagged
from odoo.tools.misc import clean_context

from ..common import PipelineCase

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
# Whoever opens these gives the values himself; campaigns' dialogs are not opened from
# deals.
GIVEN = {"crm.lead.stage.override": {"stage_id"}}
OF_CAMPAIGNS = "sales.campaign."


@tagged("post_install", "-at_install")
class TestContext(PipelineCase):
    """What a list proposes for new deals is no choice in a dialog that it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, cls.offer)
        # As the panel, the search and the kanban's columns leave it.
        cls.polluted = {
            "default_campaign_id": 1,
            "default_company_id": cls.other_company.id,
            "default_name": "Left behind",
            "default_pipeline_id": cls.equipment.id,
            "default_stage_id": cls.won.id,
            "default_state": "done",
            "default_team_id": cls.spares_team.id,
            "default_type": "opportunity",
            "default_user_id": cls.colleague.id,
        }

    def _open(self, method, deals, user, **context):
        action = getattr(deals.with_user(user).with_context(**context), method)()
        self.assertEqual(clean_context(action["context"]), action["context"])
        return self.env[action["res_model"]].browse(action["res_id"]).sudo()

    def test_default_that_is_no_pipeline(self):
        for junk in ("x", [1], 2**40, -1, True):
            leads = self.env["crm.lead"].with_user(self.salesman)
            leads = leads.with_context(default_pipeline_id=junk)
            with self.subTest(junk):
                deal = leads.create({"name": "New", "type": "opportunity"})
                self.assertEqual(deal.pipeline_id, self.equipment)

    def test_dialogs_of_a_deal(self):
        self.equipment.won_pipeline_id = self._new_pipeline("Delivery", {self.won: 100})
        won = self._new_deal(self.equipment, self.won)
        for user in (self.salesman, self.manager):
            for method, deals in (
                ("action_move_to_pipeline", self.deal),
                ("action_hand_over", self.deal | won),
                ("action_continue_won", won),
            ):
                clean = self._open(method, deals, user)
                polluted = self._open(method, deals, user, **self.polluted)
                self.assertTrue(polluted._get_movable_leads())
                for name in ("lead_ids", "pipeline_id", "state", "lead_count"):
                    self.assertEqual(clean[name], polluted[name], (method, name))

    def test_new_attempt(self):
        self.deal.action_set_lost()
        deal = self.deal.with_user(self.salesman).with_context(**self.polluted)
        action = deal.action_new_attempt()
        attempt = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(attempt.name, self.deal.name)
        self.assertEqual(attempt.user_id, self.salesman)
        self.assertEqual(attempt.stage_id, self.qualified)

    def test_pipeline_of_a_new_team(self):
        """A team that is created on the way has no default that nobody chose."""
        context = {"default_pipeline_id": self.equipment.id}
        team = self.env["crm.team"].with_context(**context).create({"name": "T"})
        self.assertFalse(team.pipeline_id)
        company = self.env["res.company"].with_context(**context)
        self.assertNotEqual(company.create({"name": "C"}).pipeline_id, self.equipment)

    def test_dialogs_that_the_client_opens(self):
        """Their own fields of these names take nothing from the deals behind them."""
        leaks = []
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not model._transient or model._original_module not in ADDONS:
                continue
            if name.startswith(OF_CAMPAIGNS):
                continue
            fields = [f.removeprefix("default_") for f in self.polluted]
            fields = [
                f for f in fields if f in model._fields and f not in GIVEN.get(name, ())
            ]
            clean = model.default_get(fields)
            polluted = model.with_context(**self.polluted).default_get(fields)
            if clean != polluted:
                leaks.append((name, sorted(polluted.keys() ^ clean.keys()), polluted))
        self.assertFalse(leaks)
