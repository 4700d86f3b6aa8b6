from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

from ..common import SalesCampaignCase

COMMENT = "I can help"


@tagged("post_install", "-at_install")
class TestSalesCampaignAccess(SalesCampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls._new_campaign(cls.colleague, team_id=cls.team.id)

    def _assert_edits(self, user, campaign=None):
        (campaign or self.campaign).with_user(user).aim = f"By {user.name}"

    def _assert_only_reads(self, user):
        campaign = self.campaign.with_user(user)
        self.assertEqual(campaign.title, "Trade show")
        with self.assertRaises(AccessError):
            campaign.aim = "Not mine"

    def test_own_documents(self):
        self._assert_only_reads(self.salesman)
        self._assert_edits(self.colleague)
        self._assert_edits(self.team_leader)
        self.campaign.member_ids = self.salesman
        self._assert_edits(self.salesman)

    def test_all_documents_and_manager(self):
        self._assert_edits(self.all_documents)
        self._assert_edits(self.manager)

    def test_a_reader_may_comment(self):
        self.campaign.with_user(self.salesman).message_post(body=COMMENT)

    def test_creating_for_somebody_else(self):
        with self.assertRaises(AccessError):
            self._new_campaign(self.salesman, user_id=self.colleague.id)
        self._new_campaign(self.all_documents, user_id=self.colleague.id)

    def test_delete_is_for_managers(self):
        for user in (self.colleague, self.all_documents):
            with self.assertRaises(AccessError):
                self.campaign.with_user(user).unlink()
        self.campaign.with_user(self.manager).unlink()

    def test_access_does_not_change_through_the_utm_campaign(self):
        utm_campaign = self.campaign.utm_campaign_id.with_user(self.salesman)
        for vals in (
            {"user_id": self.salesman.id},
            {"company_id": False},
        ):
            with self.assertRaises(AccessError):
                utm_campaign.write(vals)
        # what decides on no access stays as open as Odoo leaves it
        utm_campaign.title = "Renamed"
        utm_campaign.with_user(self.colleague).user_id = self.salesman
        self.assertEqual(self.campaign.user_id, self.salesman)

    def test_handing_over(self):
        campaign = self.campaign.with_user(self.colleague)
        campaign.write({"user_id": self.salesman.id, "aim": "Over to you"})
        self._assert_edits(self.salesman)
        with self.assertRaises(AccessError):
            campaign.aim = "Not mine any more"

    def test_employee_without_sales_access(self):
        employee = new_test_user(
            self.env,
            login="campaign_employee",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.campaign.with_user(employee).read(["title"])
        with self.assertRaises(AccessError):
            self.campaign.utm_campaign_id.with_user(employee).user_id = employee
        # nothing changes for the UTM campaigns that are no sales campaigns
        utm_campaign = (
            self.env["utm.campaign"].with_user(employee).create({"title": "Newsletter"})
        )
        utm_campaign.user_id = self.colleague

    def test_other_company(self):
        campaigns = self.env["sales.campaign"].with_user(self.foreigner)
        self.assertNotIn(self.campaign, campaigns.search([]))
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.foreigner).read(["title"])
        self.campaign.team_id = False
        self.campaign.company_id = False
        self._assert_edits(self.foreigner)

    def test_configuration(self):
        for model in (
            "sales.campaign.type",
            "sales.campaign.segment",
            "sales.campaign.stage",
        ):
            record = self.env[model].with_user(self.manager).create({"name": "New"})
            self.assertEqual(record.with_user(self.salesman).name, "New")
            for user in (self.salesman, self.all_documents):
                with self.assertRaises(AccessError):
                    record.with_user(user).name = "Mine"
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()

    def test_configuration_of_another_company(self):
        for model in ("sales.campaign.type", "sales.campaign.segment"):
            shared, theirs = self.env[model].create(
                [
                    {"name": "Shared"},
                    {"name": "Theirs", "company_id": self.other_company.id},
                ]
            )
            seen = self.env[model].with_user(self.salesman).search([])
            self.assertIn(shared, seen)
            self.assertNotIn(theirs, seen)

    @users("campaign_salesman", "campaign_all_documents", "campaign_manager")
    def test_views_open(self):
        campaigns = self.env["sales.campaign"]
        for view in (
            "kanban",
            "list",
            "form",
            "calendar",
            "graph",
            "pivot",
            "activity",
            "search",
        ):
            with self.subTest(view=view):
                views = campaigns.get_views([(False, view)])
                self.assertTrue(views["views"][view]["arch"])
