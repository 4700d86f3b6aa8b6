from contextlib import contextmanager

from odoo import Command

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
        cls._set_up_accounts()
        cls.product = cls.env["product.product"].create(
            {"name": "Lathe", "list_price": 100, "invoice_policy": "order"}
        )

    @classmethod
    def _set_up_accounts(cls):
        """Give the company the little that an invoice needs."""
        income, receivable = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": account_type,
                    "reconcile": account_type == "asset_receivable",
                    "company_ids": cls.company.ids,
                }
                for name, code, account_type in (
                    ("Sales", "CAMP70", "income"),
                    ("Customers", "CAMP41", "asset_receivable"),
                )
            ]
        )
        cls.env["account.journal"].create(
            {
                "name": "Campaign sales",
                "code": "CAMPS",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": income.id,
            }
        )
        cls.partner.with_company(
            cls.company
        ).property_account_receivable_id = receivable

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

    @contextmanager
    def assertRefused(self, exception, *parts):
        """Check that it is refused, in words that contain these parts in this order."""
        with self.assertRaises(exception) as refusal:
            yield
        self.assertRegex(str(refusal.exception), "(?s)" + ".*".join(parts))

    def assertLinks(self, records, campaigns):
        """Check the links in the cache and in the database."""
        for _ in range(2):
            for record in records.sudo():
                self.assertEqual(record.sales_campaign_ids, campaigns.sudo(), record)
            self.env.flush_all()
            self.env.invalidate_all()
