from odoo.fields import Command
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestMadeRevenue(PipelineCase):
    """One unit of the company's currency is worth 2 of the foreign one in 2020, and 4
    from 2021 on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_currency = cls.env["res.currency"].create(
            {"name": "TTP", "symbol": "T"}
        )
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": date,
                    "currency_id": currency.id,
                    "rate": rate,
                    "company_id": cls.company.id,
                }
                for date, currency, rate in (
                    ("2020-01-01", cls.company.currency_id, 1),
                    ("2020-01-01", cls.foreign_currency, 2),
                    ("2021-01-01", cls.foreign_currency, 4),
                )
            ]
        )
        cls.foreign_pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Abroad",
                "currency_id": cls.foreign_currency.id,
                "company_id": cls.company.id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Lathe",
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Valves Inc."})
        cls._set_up_accounting()
        cls.deal = cls._new_deal(
            cls.equipment, partner_id=cls.customer.id, expected_revenue=1000
        )

    @classmethod
    def _set_up_accounting(cls):
        receivable, income = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "company_ids": cls.company.ids,
                }
                for name, code, kind in (
                    ("Receivable", "411000", "asset_receivable"),
                    ("Income", "700000", "income"),
                )
            ]
        )
        cls.customer.with_company(
            cls.company
        ).property_account_receivable_id = receivable
        cls.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "TSAL",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": income.id,
            }
        )

    def _new_order(self, amount, state="draft", deal=None, date="2020-06-01", **vals):
        deal = deal or self.deal
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": deal.id,
                "company_id": self.company.id,
                "user_id": deal.user_id.id,
                "date_order": date,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "price_unit": amount}
                    )
                ],
                **vals,
            }
        )
        if state == "sale":
            order.action_confirm()
            order.date_order = date
        elif state == "cancel":
            order._action_cancel()
        else:
            order.state = state
        return order

    def _invoice(self, order, date="2020-07-01", post=True):
        invoice = order.with_company(self.company)._create_invoices()
        invoice.invoice_date = date
        if post:
            invoice.action_post()
        return invoice

    def assertMade(self, user, deal=None, **amounts):
        self.env.flush_all()
        self.env.invalidate_all()
        deal = (deal or self.deal).with_user(user)
        expected = {
            "quoted_amount": 0,
            "ordered_amount": 0,
            "invoiced_amount": 0,
            "to_invoice_amount": 0,
            "invoice_count": 0,
            **amounts,
        }
        self.assertEqual({name: deal[name] for name in expected}, expected)

    def test_nothing(self):
        self.assertMade(self.salesman)
        self.assertEqual(self.deal.ordered_percentage, 0)

    def test_quotations_and_orders(self):
        self._new_order(100)
        self._new_order(20, "sent")
        self._new_order(3000, "cancel")
        self._new_order(400, "sale")
        self.assertMade(
            self.salesman, quoted_amount=120, ordered_amount=400, to_invoice_amount=400
        )
        self.assertEqual(self.deal.ordered_percentage, 40)

    def test_currencies_at_the_date_of_the_document(self):
        vals = {"pricelist_id": self.foreign_pricelist.id}
        self._new_order(100, date="2020-06-01", **vals)
        self._new_order(100, date="2021-06-01", **vals)
        order = self._new_order(400, "sale", date="2020-06-01", **vals)
        self.assertEqual(order.currency_id, self.foreign_currency)
        self._invoice(order, "2021-06-01")
        self.assertMade(
            self.salesman,
            quoted_amount=75,
            ordered_amount=200,
            invoiced_amount=100,
            to_invoice_amount=100,
            invoice_count=1,
        )

    def test_invoices_less_credit_notes(self):
        order = self._new_order(400, "sale")
        self._new_order(50, "sale")
        self._invoice(order, post=False)
        self.assertMade(self.salesman, ordered_amount=450, to_invoice_amount=450)
        invoice = order.invoice_ids
        invoice.action_post()
        self.assertMade(
            self.salesman,
            ordered_amount=450,
            invoiced_amount=400,
            to_invoice_amount=50,
            invoice_count=1,
        )
        refund = invoice._reverse_moves(
            [
                {
                    "invoice_date": "2020-08-01",
                    "invoice_user_id": invoice.invoice_user_id.id,
                }
            ]
        )
        refund.invoice_line_ids.price_unit = 150
        refund.action_post()
        self.assertMade(
            self.salesman,
            ordered_amount=450,
            invoiced_amount=250,
            to_invoice_amount=200,
            invoice_count=2,
        )
        action = self.deal.with_user(self.salesman).action_view_invoices()
        self.assertEqual(
            self.env["account.move"].search(action["domain"]), invoice | refund
        )
        refund.button_draft()
        refund.button_cancel()
        self.assertMade(
            self.salesman,
            ordered_amount=450,
            invoiced_amount=400,
            to_invoice_amount=50,
            invoice_count=1,
        )

    def test_invoice_of_a_cancelled_order(self):
        """It is invoiced all the same, but is no part of what was ordered."""
        order = self._new_order(400, "sale")
        self._new_order(50, "sale")
        self._invoice(order)
        order._action_cancel()
        self.assertMade(
            self.salesman,
            ordered_amount=50,
            invoiced_amount=400,
            to_invoice_amount=50,
            invoice_count=1,
        )

    def test_roles(self):
        """Nobody counts what the rules keep from him."""
        order = self._new_order(400, "sale")
        self._invoice(order)
        self._new_order(100, "sale", user_id=self.colleague.id)
        all_amounts = {
            "ordered_amount": 500,
            "invoiced_amount": 400,
            "to_invoice_amount": 100,
            "invoice_count": 1,
        }
        self.assertMade(self.manager, **all_amounts)
        self.assertMade(self.all_documents, **all_amounts)
        self.assertMade(
            self.salesman, ordered_amount=400, invoiced_amount=400, invoice_count=1
        )

    def test_deal_without_company(self):
        """It has the currency of the company that the user works in."""
        deal = self._new_deal(
            self.equipment,
            user=self.env.user,
            partner_id=self.customer.id,
            user_id=False,
            team_id=False,
            company_id=False,
        )
        self.assertFalse(deal.company_id)
        self._new_order(100, "sale", deal=deal)
        self.assertMade(self.salesman, deal, ordered_amount=100, to_invoice_amount=100)

    def test_in_batch(self):
        deals = self.env["crm.lead"]
        for amount in range(1, 6):
            deal = self._new_deal(self.equipment, name=str(amount))
            self._invoice(self._new_order(amount, "sale", deal=deal))
            self._new_order(10 * amount, deal=deal)
            deals |= deal
        self.env.flush_all()
        self.env.invalidate_all()
        deals = deals.with_user(self.manager)
        deals.mapped("company_currency")
        deals[0]._get_made_revenue()
        with self.assertQueryCount(2):
            made = deals._get_made_revenue()
        self.assertEqual(
            [(made[deal.id]["quoted"], made[deal.id]["invoiced"]) for deal in deals],
            [(10 * amount, amount) for amount in range(1, 6)],
        )
