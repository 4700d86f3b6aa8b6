from datetime import date

from freezegun import freeze_time

from odoo import Command

from ..common_links import CampaignLinkCase

RATES = {"EUR": 1.0, "USD": 2.0, "GBP": 0.8}
DEAR_DOLLAR = date(2026, 3, 1)  # from then on a euro is 4 dollars


class CampaignReturnCase(CampaignLinkCase):
    """What orders, invoices and bills need, and three currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-20 12:00:00"))
        cls.pound = cls.env.ref("base.GBP")
        cls.pound.active = True
        cls.currencies = cls.euro | cls.dollar | cls.pound
        cls.env["res.currency.rate"].search([]).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.env.ref(f"base.{name}").id,
                    "name": day,
                    "rate": rate,
                    "company_id": False,
                }
                for name, day, rate in (
                    *((name, "2020-01-01", rate) for name, rate in RATES.items()),
                    ("USD", DEAR_DOLLAR, 4.0),
                )
            ]
        )
        cls.expense = cls.env["account.account"].create(
            {
                "name": "Fairs",
                "code": "CAMP62",
                "account_type": "expense",
                "company_ids": cls.company.ids,
            }
        )
        cls.payable = cls.env["account.account"].create(
            {
                "name": "Suppliers",
                "code": "CAMP40",
                "account_type": "liability_payable",
                "reconcile": True,
                "company_ids": cls.company.ids,
            }
        )
        cls.income = (
            cls.env["account.journal"].search([("code", "=", "CAMPS")])
        ).default_account_id
        cls.env["account.journal"].create(
            {
                "name": "Campaign purchases",
                "code": "CAMPP",
                "type": "purchase",
                "company_id": cls.company.id,
                "default_account_id": cls.expense.id,
            }
        )
        cls.partner.with_company(cls.company).property_account_payable_id = cls.payable
        cls.campaign.write({"company_id": cls.company.id, "currency_id": cls.euro.id})
        cls.company.sales_hourly_cost = 40

    @staticmethod
    def _to_euro(amount, currency, day):
        rate = RATES[currency.name]
        if currency.name == "USD" and day >= DEAR_DOLLAR:
            rate = 4.0
        return amount / rate

    def _post_move(self, move_type, amount, currency, day, campaigns, post=True):
        is_sale = move_type.startswith("out")
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "invoice_date": day,
                "date": day,
                "currency_id": currency.id,
                "sales_campaign_ids": [Command.set(campaigns.ids)],
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Line",
                            "price_unit": amount,
                            "quantity": 1,
                            "tax_ids": [Command.clear()],
                            "account_id": (self.income if is_sale else self.expense).id,
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def _new_dated_order(self, amount, currency, day, campaigns, state="sale"):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": currency.name,
                "currency_id": currency.id,
                "company_id": self.company.id,
            }
        )
        order = self._new_order(
            date_order=f"{day} 10:00:00",
            pricelist_id=pricelist.id,
            sales_campaign_ids=[Command.set(campaigns.ids)],
            order_line=[
                Command.create({"product_id": self.product.id, "price_unit": amount})
            ],
        )
        order.order_line.tax_ids = False
        if state == "sale":
            order.action_confirm()
            order.date_order = f"{day} 10:00:00"
        elif state == "cancel":
            order.action_confirm()
            order._action_cancel()
        self.assertEqual(order.currency_id, currency)
        return order

    def _read_again(self, campaign=None):
        self.env.flush_all()
        campaign = campaign or self.campaign
        campaign.invalidate_recordset()
        return campaign
