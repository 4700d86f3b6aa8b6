from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestHiddenNames(GoalCase):
    """Nobody reads a name that the rules keep from them."""

    def test_title_of_another_company(self):
        self.campaign.title = "Secret launch"
        utm_campaigns = self.env["utm.campaign"].with_user(self.foreigner)
        found = utm_campaigns.with_context(active_test=False)
        self.campaign.active = False
        self.env.flush_all()
        self.assertFalse(found.search([("title", "=", "Secret launch")]))
        self.assertFalse(found.name_search("Secret launch"))
        with self.assertRaises(AccessError):
            utm_campaigns.browse(self.campaign.utm_campaign_id.id).read(["title"])
        own = self.env["utm.campaign"].with_user(self.salesman)
        own = own.with_context(active_test=False)
        self.assertTrue(own.search([("title", "=", "Secret launch")]))

    def test_other_utm_campaigns_stay_shared(self):
        """Those that are no sales campaigns are as Odoo has them."""
        plain = self.env["utm.campaign"].create(
            {"title": "Newsletter", "company_id": self.company.id}
        )
        self.assertEqual(plain.with_user(self.foreigner).title, "Newsletter")

    def test_dialogs_of_a_colleague(self):
        goal = self._new_goal()
        deal = self._new_opportunity(self.campaign, 5, user_id=self.salesman.id)
        share = self.env["sales.campaign.goal.share"].with_user(self.salesman)
        share = share.create(
            {"goal_id": goal.id, "line_ids": [(0, 0, {"user_id": self.salesman.id})]}
        )
        link = (
            self.env["sales.campaign.link"]
            .with_user(self.salesman)
            .create({"res_model": "crm.lead", "res_ids": deal.ids})
        )
        for dialog in (share, share.line_ids, link):
            theirs = dialog.with_user(self.colleague)
            with self.assertRaises(AccessError):
                theirs.read(["display_name"])
            self.assertFalse(theirs.search([("id", "in", dialog.ids)]))
            with self.assertRaises(AccessError):
                theirs.unlink()

    def test_campaigns_of_a_hidden_record(self):
        hidden = self._new_opportunity(self.campaign, 5)
        mine = self._new_opportunity(self.campaign, 6, user_id=self.salesman.id)
        links = self.env["sales.campaign.link"].with_user(self.salesman)
        for deal, campaigns in ((hidden, links.campaign_ids), (mine, self.campaign)):
            link = links.create({"res_model": "crm.lead", "res_ids": deal.ids})
            self.assertEqual(link.linked_campaign_ids, campaigns)

    def test_error_does_not_name_a_hidden_record(self):
        shared = self._new_campaign(company_id=False)
        shared.user_id = self.salesman
        self.salesman.company_ids = self.company | self.other_company
        self._new_opportunity(shared, 12345)
        with self.assertRaises(UserError) as caught:
            shared.with_user(self.salesman).with_context(
                allowed_company_ids=(self.company | self.other_company).ids
            ).company_id = self.other_company
            self.env.flush_all()
        self.assertNotIn("12345", str(caught.exception))

    def test_conditions_from_before_are_their_last_writers(self):
        goals = self._new_goal(), self._new_goal(), self._new_goal()
        root = self.env.ref("base.user_root")
        for goal, created, written in zip(
            goals,
            (self.manager, self.manager, self.salesman),
            (self.salesman, root, self.salesman),
            strict=True,
        ):
            self._update_by_sql(
                goal,
                create_uid=created.id,
                write_uid=written.id,
                condition_user_id=None,
            )
        self.assertTrue(goals[0].count_error)
        self.env["sales.campaign.goal"]._init_column("condition_user_id")
        self.env.invalidate_all()
        users = [goal.condition_user_id for goal in goals]
        self.assertEqual(users, [self.salesman, self.manager, self.salesman])
