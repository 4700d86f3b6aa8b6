from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SalesCampaignCase


class CampaignLinkCase(SalesCampaignCase):
    """A campaign, another, and a chain of a deal, its quotation and its meeting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls._new_campaign(cls.colleague)
        cls.phoning = cls._new_campaign(cls.colleague, title="Phoning")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Delmas Aero", "is_company": True}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Lathe", "list_price": 100, "invoice_policy": "order"}
        )

    @classmethod
    def _new_deal(cls, user=None, **vals):
        return (
            cls.env["crm.lead"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "name": "Lathe",
                    "type": "opportunity",
                    "partner_id": cls.partner.id,
                    "company_id": cls.company.id,
                    "user_id": (user or cls.salesman).id,
                    **vals,
                }
            )
        )

    @classmethod
    def _new_order(cls, deal=None, **vals):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "company_id": cls.company.id,
                "user_id": cls.salesman.id,
                "opportunity_id": deal and deal.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": 100})
                ],
                **vals,
            }
        )

    @classmethod
    def _new_meeting(cls, deal=None, **vals):
        return cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-03-10 09:00:00",
                "stop": "2026-03-10 10:00:00",
                "user_id": cls.salesman.id,
                "opportunity_id": deal and deal.id,
                **vals,
            }
        )

    @classmethod
    def _new_invoice(cls, order):
        order.action_confirm()
        return order._create_invoices()

    def assertLinks(self, records, campaigns):
        """Check the links in the cache and in the database."""
        for _ in range(2):
            for record in records.sudo():
                self.assertEqual(record.sales_campaign_ids, campaigns.sudo(), record)
            self.env.flush_all()
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCampaignLinks(CampaignLinkCase):
    def test_models(self):
        models = self.env["sales.campaign.mixin"]._get_campaign_models()
        self.assertLessEqual(
            {
                "account.move",
                "calendar.event",
                "crm.lead",
                "res.partner",
                "sale.order",
            },
            set(models),
        )
