from odoo.tests import tagged

from ..common import PipelineCase

OURS = "sales_pipeline_plus"


@tagged("post_install", "-at_install")
class TestFittingActions(PipelineCase):
    """The Actions menu offers what can do something with the chosen deals."""

    def assertUnfit(self, deals, offered=(), hidden=()):
        unfit = deals.get_unfit_actions()
        for names, check in ((offered, self.assertNotIn), (hidden, self.assertIn)):
            for name in names:
                with self.subTest(name=name):
                    if "." in name:
                        check(self.env.ref(name).id, unfit["actions"])
                    else:
                        check(name, unfit["entries"])

    def test_open(self):
        deal = self._new_deal(self.equipment)
        self.assertUnfit(
            deal,
            offered=(
                "archive",
                "crm.crm_lead_lost_action",
                f"{OURS}.crm_lead_action_move_to_pipeline",
                f"{OURS}.crm_lead_stage_override_action",
            ),
            hidden=(
                "unarchive",
                "crm.action_crm_send_mass_convert",
                "crm.action_merge_opportunities",
                f"{OURS}.crm_lead_action_new_attempt",
                f"{OURS}.crm_lead_action_reset_probability",
                f"{OURS}.crm_lead_action_stop_collaborating",
                f"{OURS}.crm_lead_reopen_action",
            ),
        )
        deal.probability = 42
        self.assertUnfit(deal, offered=[f"{OURS}.crm_lead_action_reset_probability"])
        others = deal | self._new_deal(self.equipment)
        self.assertUnfit(others, offered=["crm.action_merge_opportunities"])

    def test_lost(self):
        deal = self._new_deal(self.equipment)
        deal.action_set_lost()
        attempt, reopen = (
            f"{OURS}.crm_lead_action_new_attempt",
            f"{OURS}.crm_lead_reopen_action",
        )
        self.assertUnfit(
            deal,
            offered=(attempt, "unarchive"),
            hidden=("archive", "crm.crm_lead_lost_action"),
        )
        self.equipment.reopening_policy = "manager"
        self.assertUnfit(deal, offered=(attempt, reopen), hidden=["unarchive"])
        self.equipment.reopening_policy = "forbidden"
        self.assertUnfit(deal, offered=[attempt], hidden=("unarchive", reopen))
        deal.action_new_attempt()
        self.assertUnfit(deal, hidden=[attempt])

    def test_some_of_them(self):
        """What fits one of the chosen ones is offered."""
        deal = self._new_deal(self.equipment)
        lost = self._new_deal(self.equipment)
        lost.action_set_lost()
        self.assertUnfit(
            deal | lost, offered=("archive", "unarchive", "crm.crm_lead_lost_action")
        )

    def test_archived(self):
        deal = self._new_deal(self.equipment)
        deal.action_archive()
        self.equipment.reopening_policy = "forbidden"
        self.assertUnfit(deal, offered=["unarchive"], hidden=["archive"])

    def test_collaborator(self):
        deal = self._new_deal(self.equipment, collaborator_ids=self.colleague.ids)
        name = f"{OURS}.crm_lead_action_stop_collaborating"
        self.assertUnfit(deal.with_user(self.colleague), offered=[name])
        self.assertUnfit(deal.with_user(self.salesman), hidden=[name])

    def test_lead(self):
        lead = self._new_deal(type="lead")
        self.assertUnfit(
            lead,
            offered=["crm.action_crm_send_mass_convert"],
            hidden=[f"{OURS}.crm_lead_action_move_to_pipeline"],
        )


@tagged("post_install", "-at_install")
class TestSearchMenu(PipelineCase):
    """What the search menu offers to group by."""

    def test_technical_fields(self):
        self._new_deal(self.equipment)
        leads = self.env["crm.lead"].with_user(self.salesman)
        fields = leads.fields_get(attributes=["groupable"])
        self.assertFalse(fields["phone_sanitized"]["groupable"])
        self.assertFalse(fields["moved_without_action_date"]["groupable"])
        self.assertTrue(fields["partner_id"]["groupable"])
        # Other programs still can.
        self.assertTrue(leads.formatted_read_group([], ["email_normalized"]))

    def test_properties(self):
        """One entry, that of what has properties."""
        teams = self.env["crm.team"].search([])
        pipelines = self.env["crm.pipeline"].with_context(active_test=False).search([])
        teams.lead_properties_definition = False
        pipelines.lead_properties_definition = False
        definition = [{"name": "p1", "type": "char", "string": "Press"}]
        both = {"group_by_lead_properties", "group_by_pipeline_properties"}
        self.assertFalse(both & self._get_filters())
        self.equipment.lead_properties_definition = definition
        self.assertEqual(both & self._get_filters(), {"group_by_pipeline_properties"})
        self.equipment_team.lead_properties_definition = definition
        self.assertEqual(both & self._get_filters(), both)

    def _get_filters(self):
        view = self.env.ref("crm.view_crm_case_opportunities_filter")
        leads = self.env["crm.lead"].with_user(self.salesman)
        arch = leads.get_view(view.id, "search")["arch"]
        return {part.split('"')[0] for part in arch.split('<filter name="')[1:]} | {
            part.split('"')[0] for part in arch.split(' name="')[1:]
        }
