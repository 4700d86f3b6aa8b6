from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestCampaignDeletion(SalesCampaignCase):
    """What refers to a user, team or setting is named when it is to be deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["sales.campaign"].create(
            {"title": "Spring Campaign", "company_id": cls.company.id}
        )

    def _new_goal(self, **vals):
        return self.env["sales.campaign.goal"].create(
            {
                "name": "Ten Calls",
                "campaign_id": self.campaign.id,
                "counting": "manual",
                "target": 10,
                **vals,
            }
        )

    def test_user_and_team_with_a_goal(self):
        leaver = self._new_user("leaver", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create({"name": "Short Lived"})
        self._new_goal(user_id=leaver.id, team_id=team.id)
        for record, name in ((leaver, "leaver"), (team, "Short Lived")):
            with self.assertRaises(UserError) as refusal:
                record.unlink()
            self.assertRegex(str(refusal.exception), f"{name}.*Goal.*Ten Calls")
            self.assertRegex(str(refusal.exception), "Archive it")

    def test_user_who_counted(self):
        leaver = self._new_user("leaver", "sales_team.group_sale_manager")
        goal = self._new_goal()
        goal.with_user(leaver).action_increment()
        with self.assertRaises(UserError) as refusal:
            leaver.unlink()
        self.assertRegex(str(refusal.exception), "leaver.*Ten Calls")

    def test_company_of_settings(self):
        company = self.env["res.company"].create({"name": "Closed Ltd."})
        self.env["sales.campaign.type"].create(
            {"name": "Own Type", "company_id": company.id}
        )
        with self.assertRaises(UserError) as refusal:
            company.unlink()
        self.assertRegex(str(refusal.exception), "Closed Ltd..*Own Type")
