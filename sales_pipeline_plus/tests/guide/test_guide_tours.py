from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestGuideTours(TourCase):
    """The pages of the user guide, walked as they are written.

    Which tours walk a page: ``tests/test_guide.py`` in the folder above the addons.
    """

    def _walk(self, page, user=None, url="/odoo"):
        login = (user or self.salesperson).login
        self.start_tour(url, f"sales_pipeline_plus_guide_{page}", login=login)

    def _new_user(self, group):
        return new_test_user(self.env, f"tour_{group}", groups=f"sales_team.{group}")

    def test_index(self):
        self._create_deal()
        self._walk("index")

    def test_pipelines(self):
        manager = self._new_user("group_sale_manager")
        self._walk("pipelines", manager, f"/odoo/crm.pipeline/{self.equipment.id}")
        self.assertTrue(self.equipment.is_default)

    def test_monday(self):
        leader = self._new_user("group_sale_salesman_all_leads")
        today = fields.Date.today()
        deal = self._create_deal(
            user_id=leader.id,
            date_start=fields.Datetime.now() - timedelta(days=30),
            date_deadline=today - timedelta(days=9),
            expected_revenue=60000,
        )
        self.env["crm.forecast.snapshot"].search([]).sudo().unlink()
        self.env["crm.forecast.snapshot"].sudo().create(
            {
                "date": today - timedelta(days=today.weekday() or 7),
                "lead_id": deal.id,
                "amount": 50000,
                "weighted_amount": 10000,
                "probability": deal.probability,
                "date_deadline": deal.date_deadline,
                "stage_id": deal.stage_id.id,
                "pipeline_id": deal.pipeline_id.id,
                "user_id": deal.user_id.id,
                "company_id": deal.company_id.id,
            }
        )
        self._walk("monday", leader)

    def test_month(self):
        manager = self._new_user("group_sale_manager")
        self._create_deal()
        self.env["crm.target"].create(
            {
                "user_id": self.salesperson.id,
                "company_id": self.salesperson.company_id.id,
                "date_start": fields.Date.today().replace(day=1),
                "value": 100000,
            }
        )
        self._walk("month", manager)

    def test_figures(self):
        self._create_deal()
        self._walk("figures")

    def test_import(self):
        manager = self._new_user("group_sale_manager")
        deal = self._create_deal(user_id=manager.id)
        self._walk("import", manager)
        changes = self.env["crm.lead.change"].search([("lead_id", "=", deal.id)])
        self.assertEqual(changes.stage_id, self.offer)

    def test_rights(self):
        colleague = new_test_user(
            self.env, "tour_colleague", groups="sales_team.group_sale_salesman"
        )
        self._create_deal()
        shared, _hidden = (
            self._create_deal(name=f"{name} for a tour", user_id=colleague.id)
            for name in ("Shared", "Hidden")
        )
        shared.collaborator_ids = self.salesperson
        self._walk("rights")
        self.assertEqual(shared.expected_revenue, 70000)
