from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import RecordCapturer

from ..common_links import CampaignLinkCase

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class CampaignFlowCase(CampaignLinkCase):
    """An order in a campaign, and those who work on it without typing any link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("accountant", "account.group_account_invoice")
        cls.employee = cls._new_user(
            "employee", "base.group_user,base.group_partner_manager"
        )
        expense, payable, waiting = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": account_type,
                    "reconcile": account_type != "expense",
                    "company_ids": cls.company.ids,
                }
                for name, code, account_type in (
                    ("Fairs", "CAMP62", "expense"),
                    ("Suppliers", "CAMP40", "liability_payable"),
                    ("To the bank", "CAMP51", "asset_current"),
                )
            ]
        )
        bank, _purchases = cls.env["account.journal"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "type": kind,
                    "company_id": cls.company.id,
                    **vals,
                }
                for name, code, kind, vals in (
                    ("Campaign bank", "CAMPB", "bank", {}),
                    (
                        "Campaign purchases",
                        "CAMPP",
                        "purchase",
                        {"default_account_id": expense.id},
                    ),
                )
            ]
        )
        bank.inbound_payment_method_line_ids.payment_account_id = waiting
        cls.partner.with_company(cls.company).property_account_payable_id = payable
        cls.deal = cls._new_deal()
        cls.deal._link_campaigns(cls.campaign)
        cls.order = cls._new_order(cls.deal)
        cls.none = cls.env["sales.campaign"]

    def _post_invoice(self, order=None):
        """Return the posted invoice of the order, as the accountant."""
        order = (order or self.order).with_user(self.accountant)
        if order.state != "sale":
            order.sudo().action_confirm()
        invoice = order._create_invoices().with_user(self.accountant)
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        return invoice

    def _reverse(self, invoice, method):
        wizard = (
            self.env["account.move.reversal"]
            .with_user(invoice.env.user)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        with RecordCapturer(self.env["account.move"]) as capture:
            getattr(wizard, method)()
        return capture.records


@tagged("post_install", "-at_install")
class TestCampaignFlowsOfAccountants(CampaignFlowCase):
    """Who has no sales rights does the accounting of campaigns all the same."""

    def test_invoice_of_the_order(self):
        self.assertLinks(self._post_invoice(), self.campaign)

    def test_reverse(self):
        invoice = self._post_invoice()
        self.assertLinks(self._reverse(invoice, "refund_moves"), self.campaign)

    def test_reverse_and_reconcile(self):
        invoice = self._post_invoice()
        credit_note = invoice._reverse_moves(cancel=True)
        self.assertEqual(credit_note.state, "posted")
        self.assertLinks(credit_note, self.campaign)

    def test_reverse_and_modify(self):
        moves = self._reverse(self._post_invoice(), "modify_moves")
        self.assertEqual(set(moves.mapped("move_type")), {"out_refund", "out_invoice"})
        self.assertLinks(moves, self.campaign)

    def test_reverse_of_a_linked_invoice_without_order(self):
        invoice = self._post_invoice()
        invoice.sudo()._link_campaigns(self.phoning)
        credit_note = self._reverse(invoice, "refund_moves")
        self.assertLinks(credit_note, self.campaign | self.phoning)

    def test_several_at_once(self):
        other = self._new_order()
        other._link_campaigns(self.phoning)
        invoices = self._post_invoice() | self._post_invoice(other)
        first, second = invoices._reverse_moves()
        self.assertLinks(first, self.campaign)
        self.assertLinks(second, self.phoning)

    def test_duplicate(self):
        invoice = self._post_invoice()
        copy = invoice.copy()
        copy.invoice_date = "2026-03-11"
        copy.action_post()
        self.assertLinks(copy, self.none)

    def test_draft_cancel_and_delete(self):
        invoice = self._post_invoice()
        invoice.button_draft()
        self.assertLinks(invoice, self.campaign)
        invoice.button_cancel()
        invoice.button_draft()
        invoice.invoice_line_ids.filtered("sale_line_ids").unlink()
        self.assertLinks(invoice, self.none)
        invoice.unlink()

    def test_payment(self):
        invoice = self._post_invoice()
        payment = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2026-03-12"})
            ._create_payments()
        )
        self.assertTrue(payment)
        self.assertLinks(invoice, self.campaign)

    def test_down_payment(self):
        self.order.action_confirm()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.accountant)
            .with_context(active_ids=self.order.ids, active_model="sale.order")
            .sudo()
            .create({"advance_payment_method": "percentage", "amount": 20})
            .sudo(False)
        )
        invoice = wizard.sudo()._create_invoices(self.order)
        self.assertLinks(invoice, self.campaign)
        invoice = invoice.with_user(self.accountant).sudo(False)
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        self.assertLinks(self._reverse(invoice, "refund_moves"), self.campaign)

    def test_bill(self):
        bill = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create({"move_type": "in_invoice", "partner_id": self.partner.id})
        )
        bill.sudo()._link_campaigns(self.campaign)
        self.assertLinks(bill._reverse_moves(), self.campaign)
        self.assertLinks(bill.copy(), self.none)

    def test_order_of_the_campaign(self):
        """An accountant may write on orders: what follows from it is linked."""
        order = self.order.with_user(self.accountant)
        order.write({"client_order_ref": "PO 7", "opportunity_id": False})
        self.assertLinks(self.order, self.none)

    def test_what_is_typed_is_still_checked(self):
        move = self._post_invoice()
        with self.assertRaises(AccessError):
            move.sales_campaign_ids = self.phoning
        with self.assertRaises(AccessError):
            move.create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "sales_campaign_ids": [Command.set(self.phoning.ids)],
                }
            )
        with self.assertRaises(AccessError):
            move.with_context(
                default_sales_campaign_ids=[Command.set(self.phoning.ids)]
            ).create({"move_type": "out_invoice", "partner_id": self.partner.id})


@tagged("post_install", "-at_install")
class TestCampaignFlowsOfSalespeople(CampaignFlowCase):
    """A salesperson with own documents only, and what colleagues have linked."""

    def test_quotation_from_the_opportunity(self):
        action = self.deal.action_sale_quotations_new()
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({"partner_id": self.partner.id})
        )
        self.assertEqual(order.opportunity_id, self.deal)
        self.assertLinks(order, self.campaign)

    def test_quotation_is_sent_confirmed_cancelled(self):
        order = self.order.with_user(self.salesman)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertLinks(order, self.campaign)
        order._action_cancel()
        order.action_draft()
        self.assertLinks(order, self.campaign)

    def test_quotation_copy(self):
        copy = self.order.with_user(self.salesman).copy()
        self.assertLinks(copy, self.campaign)
        other = copy.copy({"opportunity_id": False})
        self.assertLinks(other, self.campaign)

    def test_invoice_and_down_payment(self):
        order = self.order.with_user(self.salesman)
        order.action_confirm()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.salesman)
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 20})
        )
        down_payment = wizard._create_invoices(order)
        self.assertLinks(down_payment, self.campaign)
        self.assertLinks(order._create_invoices(final=True), self.campaign)

    def test_campaign_of_another_company_on_a_copy(self):
        """A record that was linked above the user's rights can be copied."""
        foreign = self._new_campaign(self.foreigner, company_id=self.other_company.id)
        shared = self.env["res.partner"].create({"name": "Shared"})
        shared.sudo()._link_campaigns(foreign)
        meeting = self._new_meeting()
        meeting.sudo()._link_campaigns(foreign | self.campaign)
        self.assertLinks(meeting.with_user(self.salesman).copy(), self.campaign)
        self.assertLinks(shared.with_user(self.salesman).copy(), self.none)

    def test_meetings(self):
        meeting = (
            self.env["calendar.event"]
            .with_user(self.salesman)
            .create(
                {
                    "name": "Visit",
                    "start": "2026-03-10 09:00:00",
                    "stop": "2026-03-10 10:00:00",
                    "opportunity_id": self.deal.id,
                }
            )
        )
        self.assertLinks(meeting | meeting.copy(), self.campaign)

    def test_recurrent_meetings(self):
        meeting = (
            self.env["calendar.event"]
            .with_user(self.salesman)
            .create(
                {
                    "name": "Visit",
                    "start": "2026-03-10 09:00:00",
                    "stop": "2026-03-10 10:00:00",
                    "opportunity_id": self.deal.id,
                    "recurrency": True,
                    "rrule_type": "weekly",
                    "tue": True,
                    "end_type": "count",
                    "count": 3,
                }
            )
        )
        meetings = meeting.recurrence_id.calendar_event_ids
        self.assertEqual(len(meetings), 3)
        self.assertLinks(meetings, self.campaign)
        meetings[0].write(
            {"recurrence_update": "all_events", "start": "2026-03-10 14:00:00"}
        )
        self.assertLinks(meeting.recurrence_id.calendar_event_ids, self.campaign)

    def test_meeting_of_an_employee_without_sales_rights(self):
        meeting = self._new_meeting(user_id=self.employee.id)
        meeting._link_campaigns(self.campaign)
        meeting.with_user(self.employee).name = "Visit at the fair"
        copy = meeting.with_user(self.employee).copy()
        self.assertEqual(copy.name, "Visit at the fair")

    def test_contacts_of_an_employee_without_sales_rights(self):
        contacts = self.env["res.partner"].with_user(self.employee)
        contact = contacts.create({"name": "Jeanne"})
        contact.sudo()._link_campaigns(self.campaign)
        contact.write({"name": "Jeanne D.", "parent_id": self.partner.id})
        self.assertLinks(contact, self.campaign)
        self.assertLinks(contact.copy(), self.none)

    def test_merge_of_contacts(self):
        user = self._new_user(
            "merger", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        foreign = self._new_campaign(self.foreigner, company_id=self.other_company.id)
        kept, gone = self.env["res.partner"].create(
            [
                {"name": "Kept", "email": "k@example.com"},
                {
                    "name": "Gone",
                    "email": "k@example.com",
                    "company_id": self.company.id,
                },
            ]
        )
        kept._link_campaigns(foreign | self.phoning)
        gone._link_campaigns(self.campaign)
        self.env.flush_all()
        for employee in (user, self.employee):
            other = gone.copy({"email": "k@example.com"})
            other.sudo()._link_campaigns(self.campaign)
            self.env.flush_all()
            self.env["base.partner.merge.automatic.wizard"].with_user(employee).sudo(
                False
            ).create({})._merge((kept | other).ids, kept.with_user(employee))
            self.env.invalidate_all()
            self.assertEqual(kept.company_id, self.company)
            self.assertLinks(kept, self.campaign | self.phoning)
        notes = "".join(kept.message_ids.mapped("body"))
        self.assertIn("company of 1 of its campaigns", notes)
        self.assertNotIn(foreign.title, notes)


@tagged("post_install", "-at_install")
class TestRecordsThatLeaveTheCompany(CampaignFlowCase):
    """A change of company that nobody has typed takes the links with it."""

    def _move_by_sql(self, record):
        """Move a record as a stored compute does: past the checks of a write."""
        self.env.flush_all()
        self.env.cr.execute(
            f'UPDATE "{record._table}" SET company_id = %s WHERE id = ANY(%s)',
            (self.other_company.id, record.ids),
        )
        record.invalidate_recordset()

    def test_links_are_removed_with_a_note(self):
        shared = self._new_campaign(title="Shared", company_id=False)
        deals = self.deal | self._new_deal()
        deals._link_campaigns(self.campaign | shared)
        stays = self._new_deal()
        stays._link_campaigns(self.campaign)
        self._move_by_sql(deals)
        before = stays.message_ids
        removed = (
            (deals | stays).with_user(self.foreigner)._remove_foreign_campaign_links()
        )
        self.assertEqual(removed, [(deal.id, self.campaign.id) for deal in deals])
        self.assertLinks(deals, shared)
        self.assertLinks(stays, self.campaign)
        for deal in deals:
            note = deal.sudo().message_ids[0]
            self.assertIn("company of 1 of its campaigns", note.body)
            self.assertNotIn(self.campaign.title, note.body)
        self.assertEqual(stays.message_ids, before)
        self.assertEqual(deals._remove_foreign_campaign_links(), [])

    def test_the_utm_campaign_goes_too(self):
        deal = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        order = self._new_order(deal)
        own = self._new_order(deal, campaign_id=self.campaign.utm_campaign_id.id)
        meeting = self._new_meeting(deal)
        self._move_by_sql(deal)
        deal._remove_foreign_campaign_links()
        self.assertFalse(deal.campaign_id)
        for record in (deal, order, meeting):
            self.assertLinks(record, self.none)
        # an order that stays in the company keeps what it carries itself
        self.assertEqual(own.campaign_id, self.campaign.utm_campaign_id)
        self.assertLinks(own, self.campaign)

    def test_branches_and_models_without_company(self):
        deal = self.env["crm.lead"].create(
            {"name": "Lyon", "company_id": self.branch.id, "user_id": False}
        )
        meeting = self._new_meeting()
        for record in (deal, meeting):
            record.sudo()._link_campaigns(self.campaign)
            self.assertEqual(record._remove_foreign_campaign_links(), [])
            self.assertLinks(record, self.campaign)

    def test_a_typed_change_is_still_refused(self):
        with self.assertRefused(UserError, self.campaign.title):
            self.deal.sudo().write(
                {"company_id": self.other_company.id, "user_id": False}
            )

    def test_no_query_without_links(self):
        deals = self._new_deal() | self._new_deal()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(deals._remove_foreign_campaign_links(), [])


@tagged("post_install", "-at_install")
class TestCampaignFlowsFromOutside(HttpCase, CampaignFlowCase):
    """Customers and strangers: nobody of them has any right on campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, login="campaign_portal", groups="base.group_portal"
        )

    def _sign(self, order):
        order.write({"require_signature": True, "require_payment": False})
        order.action_quotation_sent()
        self.env.flush_all()
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Jean Delmas",
                "signature": SIGNATURE,
            },
        )

    def test_public_signs_the_quotation(self):
        answer = self._sign(self.order)
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertEqual(self.order.state, "sale")
        self.assertLinks(self.order, self.campaign)

    def test_portal_user_signs_the_quotation(self):
        self.authenticate("campaign_portal", "campaign_portal")
        answer = self._sign(self.order)
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertEqual(self.order.state, "sale")
        self.assertLinks(self.order, self.campaign)

    def test_paid_online(self):
        """What a payment does in the customer's transaction: confirm and invoice."""
        for user in (self.portal, self.env.ref("base.public_user")):
            order = self._new_order(self.deal).with_user(user).sudo()
            order._validate_order()
            invoice = order._create_invoices()
            self.assertLinks(order, self.campaign)
            self.assertLinks(invoice, self.campaign)

    def test_opportunity_from_the_web(self):
        """As a form does: created above the rules."""
        for user in (self.portal, self.env.ref("base.public_user")):
            lead = (
                self.env["crm.lead"]
                .with_user(user)
                .sudo()
                .create(
                    {
                        "name": "From the web",
                        "type": "lead",
                        "company_id": self.company.id,
                        "user_id": False,
                        "campaign_id": self.campaign.utm_campaign_id.id,
                    }
                )
            )
            self.assertLinks(lead, self.campaign)

    def test_opportunity_by_mail(self):
        self.env["mail.alias.domain"].search([]).unlink()
        domain = self.env["mail.alias.domain"].create({"name": "campaign.example.com"})
        self.company.alias_domain_id = domain
        team = self.team
        team.write({"use_leads": True, "alias_name": "fair"})
        team.alias_id.alias_defaults = repr(
            {
                "type": "lead",
                "team_id": team.id,
                "campaign_id": self.campaign.utm_campaign_id.id,
            }
        )
        for sender in ("stranger@example.net", self.accountant.email):
            mail = (
                f"From: {sender}\nTo: fair@campaign.example.com\n"
                f"Message-Id: <{sender}>\nSubject: A lathe\n\nHow much?"
            )
            lead_id = self.env["mail.thread"].message_process(None, mail)
            lead = self.env["crm.lead"].browse(lead_id)
            self.assertEqual(lead.name, "A lathe")
            self.assertLinks(lead, self.campaign)
