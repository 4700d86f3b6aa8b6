from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.customer.res_partner import FIGURES
from ..figures.test_kpi import KpiCase

AMOUNT_OF = {
    "sales_won_amount": "expected_revenue",
    "sales_open_amount": "expected_revenue",
    "sales_weighted_amount": "prorated_revenue",
}


@tagged("post_install", "-at_install")
class TestCustomerFigures(KpiCase):
    """The figures on a customer are the engine's, and are their lists."""

    def _as(self, user, partners):
        return partners.with_user(user).with_context(
            tz="Europe/Paris", allowed_company_ids=user.company_ids.ids
        )

    def test_equal_engine_and_lists(self):
        for user in (self.boss, self.manager, self.salesman, self.foreigner):
            partners = self._as(user, self.contacts)
            answer = partners.env["crm.kpi"].get_figures(
                {"period": {"start": "1900-01-01", "end": "2026-12-31"}},
                ["won_count", "win_rate", "pipeline_amount", "weighted_amount"],
                "customer",
            )
            engine = {
                key["id"]: {
                    code: cells[index]["value"]
                    for code, cells in answer["values"].items()
                }
                for index, key in enumerate(answer["keys"])
            }
            for partner in partners:
                values = engine.get(partner.commercial_partner_id.id, {})
                for name, code in (
                    ("sales_win_rate", "win_rate"),
                    ("sales_open_amount", "pipeline_amount"),
                    ("sales_weighted_amount", "weighted_amount"),
                ):
                    with self.subTest(user=user.login, partner=partner.name, name=name):
                        self.assertAlmostEqual(partner[name], values.get(code) or 0)
                for name, amount in AMOUNT_OF.items():
                    action = partner.with_context(
                        sales_figure=name
                    ).action_open_sales_figure()
                    deals = partner.env["crm.lead"].with_context(active_test=False)
                    total = sum(
                        self._convert(deal, deal[amount], user.company_id)
                        for deal in deals.search(action["domain"]).sudo()
                    )
                    self.assertAlmostEqual(partner[name], total, places=2, msg=name)
                self.assertEqual(
                    partner.sales_won_count + partner.sales_lost_count,
                    partner.env["crm.lead"]
                    .with_context(active_test=False)
                    .search_count(
                        partner.with_context(
                            sales_figure="sales_win_rate"
                        ).action_open_sales_figure()["domain"]
                    ),
                )

    def test_next_action_and_last_contact(self):
        deals = max(
            self.deals.filtered(
                lambda deal: (
                    deal.partner_id
                    and deal.company_id == self.company
                    and deal._is_open()
                )
            )
            .grouped(lambda deal: deal.partner_id.commercial_partner_id)
            .values(),
            key=len,
        )
        partner = self._as(self.manager, deals[0].partner_id)
        self.assertFalse(partner.sales_next_action_date)
        deals[0].activity_schedule(
            "mail.mail_activity_data_call", fields.Date.to_date("2026-12-24")
        )
        first = deals[-1].activity_schedule(
            "mail.mail_activity_data_call",
            fields.Date.to_date("2026-12-03"),
            summary="Visit",
        )
        self.env.invalidate_all()
        self.assertEqual(
            partner.sales_next_action_date, fields.Date.to_date("2026-12-03")
        )
        self.assertEqual(partner.sales_next_action_summary, "Visit")
        self.assertEqual(partner.action_open_next_action()["res_id"], deals[-1].id)
        first.action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(partner.sales_last_contact)
        self.assertEqual(
            partner.sales_next_action_date,
            fields.Date.to_date("2026-12-24"),
        )
        action = partner.action_open_contacts_made()
        found = partner.env[action["res_model"]].search(action["domain"])
        self.assertEqual(max(found.mapped("date")), partner.sales_last_contact)

    def test_rights(self):
        nobody = self._new_user("nobody", "base.group_user")
        partner = self._as(nobody, self.contacts[0])
        for name in FIGURES:
            with self.assertRaises(AccessError):
                partner.read([name])
        with self.assertRaises(AccessError):
            partner.with_context(
                sales_figure="sales_won_amount"
            ).action_open_sales_figure()
        with self.assertRaises(UserError):
            self._as(self.manager, self.contacts[0]).with_context(
                sales_figure="x"
            ).action_open_sales_figure()
        arch = partner.get_view(view_type="form")["arch"]
        self.assertNotIn("sales_won_amount", arch)

    def test_queries(self):
        """As many for all customers as for one."""
        names = [*FIGURES, "sales_last_contact", "sales_next_action_date"]
        counts = []
        for partners in (self.contacts[:1], self.contacts):
            partners = self._as(self.manager, partners)
            partners.read(names)
            self.env.invalidate_all()
            count = self.env.cr.sql_log_count
            partners.read(names)
            counts.append(self.env.cr.sql_log_count - count)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_unpaid(self):
        """Posted and not paid, for who may read invoices."""
        accountant = self._new_user(
            "accountant", "sales_team.group_sale_manager,account.group_account_invoice"
        )
        journal = self.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "SPP",
                "type": "sale",
                "company_id": self.company.id,
            }
        )
        accounts = self.env["account.account"].create(
            [
                {
                    "name": kind,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                    "company_ids": self.company.ids,
                }
                for kind, code in (("asset_receivable", "SPP1"), ("income", "SPP2"))
            ]
        )
        partner = self.contacts[0]
        partner.with_company(self.company).property_account_receivable_id = accounts[0]
        moves = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                [
                    {
                        "move_type": kind,
                        "partner_id": partner.id,
                        "journal_id": journal.id,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "name": "Lathe",
                                    "account_id": accounts[1].id,
                                    "price_unit": price,
                                    "tax_ids": False,
                                }
                            )
                        ],
                    }
                    for kind, price in (
                        ("out_invoice", 1000),
                        ("out_refund", 150),
                        ("out_invoice", 7),
                    )
                ]
            )
        )
        moves[:2].action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        own = self._as(accountant, partner)
        self.assertTrue(own.can_read_unpaid)
        self.assertEqual(own.sales_unpaid_amount, 850)
        action = own.with_context(
            sales_figure="sales_unpaid_amount"
        ).action_open_sales_figure()
        found = own.env["account.move"].search(action["domain"])
        self.assertEqual(sum(found.mapped("amount_residual_signed")), 850)
