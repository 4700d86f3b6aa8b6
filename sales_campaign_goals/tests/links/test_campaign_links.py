from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common_links import CampaignLinkCase


@tagged("post_install", "-at_install")
class TestCampaignLinks(CampaignLinkCase):
    """Which records belong to a campaign, and who may say so."""

    # ------------------------------------------------------------
    # MODELS AND DOMAINS
    # ------------------------------------------------------------

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

    def test_relations_are_indexed_both_ways(self):
        for name in self.env["sales.campaign.mixin"]._get_campaign_models():
            field = self.env[name]._fields["sales_campaign_ids"]
            self.env.cr.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = %s",
                (field.relation,),
            )
            indexes = " ".join(row[0] for row in self.env.cr.fetchall())
            self.assertIn(f"({field.column1}, {field.column2})", indexes)
            self.assertIn(f"({field.column2}, {field.column1})", indexes)

    def test_domain(self):
        linked, other = self._new_deal(), self._new_deal()
        linked._link_campaigns(self.campaign)
        found = self.env["crm.lead"].search(
            self.env["crm.lead"]._get_campaign_domain(self.campaign | self.phoning)
        )
        self.assertIn(linked.sudo(), found)
        self.assertNotIn(other.sudo(), found)

    # ------------------------------------------------------------
    # LINKING AND REMOVING
    # ------------------------------------------------------------

    def test_several_campaigns(self):
        records = self._new_deal() | self._new_deal()
        both = (self.campaign | self.phoning).with_user(self.salesman)
        self.assertEqual(records._link_campaigns(both), 4)
        self.assertLinks(records, both)
        self.assertEqual(records._link_campaigns(both), 0)
        self.assertEqual(records._unlink_campaigns(self.campaign), 2)
        self.assertLinks(records, self.phoning)
        self.assertEqual(records._unlink_campaigns(self.campaign), 0)

    def test_by_write_and_create(self):
        deal = self._new_deal(sales_campaign_ids=[Command.set(self.campaign.ids)])
        self.assertLinks(deal, self.campaign)
        deal.sales_campaign_ids += self.phoning
        self.assertLinks(deal, self.campaign | self.phoning)
        deal.sales_campaign_ids = self.phoning
        self.assertLinks(deal, self.phoning)
        deal.write({"sales_campaign_ids": [Command.clear()]})
        self.assertLinks(deal, self.env["sales.campaign"])

    def test_by_default_of_the_action(self):
        partner = (
            self.env["res.partner"]
            .with_user(self.salesman)
            .with_context(default_sales_campaign_ids=[Command.set(self.campaign.ids)])
            .create({"name": "Created from the campaign"})
        )
        self.assertLinks(partner, self.campaign)

    def test_nothing_is_tracked_or_touched(self):
        deal = self.env["crm.lead"].with_context(tracking_disable=False)
        deal = deal.browse(self._new_deal().id)
        self.env.flush_all()
        before = deal.write_date, deal.message_ids
        deal._link_campaigns(self.campaign)
        deal._unlink_campaigns(self.campaign)
        self.env.invalidate_all()
        self.assertEqual((deal.write_date, deal.message_ids), before)

    def test_deleting_a_campaign(self):
        deal = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        deal._link_campaigns(self.phoning)
        self.phoning.with_user(self.manager).unlink()
        self.assertLinks(deal, self.campaign)
        utm_campaign = self.campaign.utm_campaign_id
        self.campaign.with_user(self.manager).unlink()
        self.assertLinks(deal, self.env["sales.campaign"])
        self.assertEqual(deal.campaign_id, utm_campaign)

    # ------------------------------------------------------------
    # BY THE UTM CAMPAIGN OF THE RECORD
    # ------------------------------------------------------------

    def test_created_with_the_utm_campaign(self):
        deal = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        self.assertLinks(deal, self.campaign)

    def test_change_of_the_utm_campaign(self):
        deal = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        deal.campaign_id = self.phoning.utm_campaign_id
        self.assertLinks(deal, self.phoning)
        deal.campaign_id = False
        self.assertLinks(deal, self.env["sales.campaign"])

    def test_removing_the_link_empties_the_utm_campaign(self):
        deal = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        deal.sales_campaign_ids = self.phoning
        self.assertFalse(deal.campaign_id)
        self.assertLinks(deal, self.phoning)
        deal.campaign_id = self.campaign.utm_campaign_id
        deal._unlink_campaigns(self.campaign)
        self.assertFalse(deal.campaign_id)
        self.assertLinks(deal, self.phoning)

    def test_other_utm_campaigns_are_left_alone(self):
        newsletter = self.env["utm.campaign"].create({"title": "Newsletter"})
        deal = self._new_deal(campaign_id=newsletter.id)
        order = self._new_order(deal, campaign_id=newsletter.id)
        deal.campaign_id = self.campaign.utm_campaign_id
        self.assertEqual(order.campaign_id, newsletter)
        self.assertLinks(deal | deal.browse(), self.campaign)
        self.assertLinks(order, self.campaign)

    def test_utm_campaign_made_a_sales_campaign(self):
        newsletter = self.env["utm.campaign"].create(
            {"title": "Newsletter", "company_id": self.company.id}
        )
        deal = self._new_deal(campaign_id=newsletter.id)
        order, meeting = self._new_order(deal), self._new_meeting(deal)
        abroad = self._new_deal(
            company_id=self.other_company.id,
            user=self.foreigner,
            campaign_id=newsletter.id,
        )
        newsletter.with_user(self.manager).action_run_as_sales_campaign()
        campaign = newsletter.sales_campaign_ids
        for record in (deal, order, meeting):
            self.assertLinks(record, campaign)
        self.assertLinks(abroad, self.env["sales.campaign"])

    # ------------------------------------------------------------
    # FROM THE OPPORTUNITY ON
    # ------------------------------------------------------------

    def test_chain_on_creation(self):
        deal = self._new_deal(sales_campaign_ids=[Command.set(self.campaign.ids)])
        order, meeting = self._new_order(deal), self._new_meeting(deal)
        invoice = self._new_invoice(order)
        for record in (order, meeting, invoice):
            self.assertLinks(record, self.campaign)

    def test_chain_afterwards(self):
        deal = self._new_deal()
        order, meeting = self._new_order(deal), self._new_meeting(deal)
        invoice = self._new_invoice(order)
        deal._link_campaigns(self.campaign)
        for record in (order, meeting, invoice):
            self.assertLinks(record, self.campaign)
        deal.write({"sales_campaign_ids": [Command.link(self.phoning.id)]})
        for record in (order, meeting, invoice):
            self.assertLinks(record, self.campaign | self.phoning)
        deal._unlink_campaigns(self.campaign)
        for record in (order, meeting, invoice):
            self.assertLinks(record, self.phoning)
        deal.write({"sales_campaign_ids": [Command.unlink(self.phoning.id)]})
        for record in (order, meeting, invoice):
            self.assertLinks(record, self.env["sales.campaign"])

    def test_chain_by_the_utm_campaign(self):
        utm_campaign = self.campaign.utm_campaign_id
        deal = self._new_deal(campaign_id=utm_campaign.id)
        order = self.env["sale.order"].with_context(
            **deal._prepare_opportunity_quotation_context()
        )
        order = order.create({})
        self.assertEqual(order.campaign_id, utm_campaign)
        meeting = self._new_meeting(deal)
        deal.campaign_id = self.phoning.utm_campaign_id
        self.assertEqual(order.campaign_id, self.phoning.utm_campaign_id)
        for record in (deal, order, meeting):
            self.assertLinks(record, self.phoning)
        deal._unlink_campaigns(self.phoning)
        self.assertFalse(order.campaign_id)
        for record in (deal, order, meeting):
            self.assertLinks(record, self.env["sales.campaign"])

    def test_meeting_linked_later_to_the_opportunity(self):
        deal, other = self._new_deal(), self._new_deal()
        deal._link_campaigns(self.campaign)
        other._link_campaigns(self.phoning)
        meeting = self._new_meeting()
        meeting.opportunity_id = deal
        self.assertLinks(meeting, self.campaign)
        meeting.opportunity_id = other
        self.assertLinks(meeting, self.phoning)
        meeting.opportunity_id = False
        self.assertLinks(meeting, self.env["sales.campaign"])

    def test_own_link_stays_with_another_opportunity(self):
        deal, other = self._new_deal(), self._new_deal()
        order = self._new_order(deal, campaign_id=self.campaign.utm_campaign_id.id)
        (deal | other)._link_campaigns(self.campaign | self.phoning)
        other._unlink_campaigns(self.campaign)
        order.opportunity_id = other
        self.assertLinks(order, self.campaign | self.phoning)

    def test_invoice_of_two_orders(self):
        first = self._new_order(self._new_deal())
        second = self._new_order(self._new_deal())
        orders = first | second
        orders.action_confirm()
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        orders._link_campaigns(self.campaign)
        first._unlink_campaigns(self.campaign)
        self.assertLinks(invoice, self.campaign)
        second._unlink_campaigns(self.campaign)
        self.assertLinks(invoice, self.env["sales.campaign"])

    def test_lines_of_an_order_taken_off_the_invoice(self):
        first = self._new_order()
        second = self._new_order()
        first._link_campaigns(self.campaign)
        second._link_campaigns(self.phoning)
        orders = first | second
        orders.action_confirm()
        invoice = orders._create_invoices()
        self.assertLinks(invoice, self.campaign | self.phoning)
        invoice.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids.order_id == first
        ).unlink()
        self.assertLinks(invoice, self.phoning)
        invoice.unlink()

    def test_credit_note(self):
        order = self._new_order()
        order._link_campaigns(self.campaign)
        invoice = self._new_invoice(order)
        invoice.invoice_date = "2026-03-10"
        invoice._link_campaigns(self.phoning)
        invoice.action_post()
        credit_note = invoice._reverse_moves()
        self.assertLinks(credit_note, self.campaign | self.phoning)

    def test_posted_invoice(self):
        deal = self._new_deal()
        invoice = self._new_invoice(self._new_order(deal))
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        deal._link_campaigns(self.campaign)
        self.assertLinks(invoice, self.campaign)

    # ------------------------------------------------------------
    # COPIES AND MERGES
    # ------------------------------------------------------------

    def test_copies(self):
        deal = self._new_deal()
        order = self._new_order()
        (self.partner | self.partner.copy())._link_campaigns(self.campaign)
        for record in (deal, order):
            record._link_campaigns(self.campaign)
            self.assertLinks(record.copy(), self.campaign)
        self.assertLinks(self.partner.copy(), self.env["sales.campaign"])

    def test_copy_into_another_company(self):
        shared = self._new_campaign(company_id=False)
        order = self._new_order()
        order._link_campaigns(self.campaign | shared)
        copy = order.copy(
            {
                "company_id": self.other_company.id,
                "user_id": self.foreigner.id,
                "pricelist_id": False,
            }
        )
        self.assertLinks(copy, shared)

    def test_copy_by_someone_without_sales_rights(self):
        accountant = new_test_user(
            self.env,
            login="campaign_accountant",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self._new_order()
        order._link_campaigns(self.campaign)
        invoice = self._new_invoice(order)
        copy = invoice.with_user(accountant).copy()
        self.assertTrue(copy)
        with self.assertRaises(AccessError):
            copy.write({"sales_campaign_ids": [Command.clear()]})

    def test_merge_of_opportunities(self):
        first = self._new_deal(campaign_id=self.campaign.utm_campaign_id.id)
        second = self._new_deal()
        second._link_campaigns(self.phoning)
        orders = self._new_order(first) | self._new_order(second)
        meeting = self._new_meeting(second)
        merged = (first | second).with_user(self.manager).merge_opportunity()
        both = self.campaign | self.phoning
        self.assertLinks(merged, both)
        self.assertLinks(orders, both)
        self.assertLinks(meeting, both)

    def test_merge_of_partners(self):
        kept, gone = self.env["res.partner"].create(
            [{"name": "Kept"}, {"name": "Gone"}]
        )
        (kept | gone)._link_campaigns(self.campaign)
        gone._link_campaigns(self.phoning)
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (kept | gone).ids, kept
        )
        self.env.invalidate_all()
        self.assertFalse(gone.exists())
        self.assertLinks(kept, self.campaign | self.phoning)

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_own_documents(self):
        mine, theirs = self._new_deal(), self._new_deal(self.colleague)
        # the campaign is a colleague's: reading it is enough
        mine._link_campaigns(self.campaign.with_user(self.salesman))
        self.assertLinks(mine, self.campaign)
        with self.assertRaises(AccessError):
            theirs.with_user(self.salesman)._link_campaigns(self.campaign)
        with self.assertRaises(AccessError):
            theirs.with_user(self.salesman).sales_campaign_ids = self.campaign
        # but what comes from a deal follows it, whoever it belongs to
        meeting = self._new_meeting(theirs, user_id=self.colleague.id)
        theirs._link_campaigns(self.campaign)
        self.assertLinks(meeting, self.campaign)

    def test_without_sales_rights(self):
        employee = new_test_user(
            self.env,
            login="campaign_employee_link",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        partner = self.partner.with_user(employee)
        with self.assertRaises(AccessError):
            partner.read(["sales_campaign_ids"])
        with self.assertRaises(AccessError):
            partner._link_campaigns(self.campaign)
        partner.phone = "+33 4 72 00 00 00"
        with Form(partner) as form:
            form.name = "Delmas Aéro"
        self.assertEqual(partner.name, "Delmas Aéro")

    # ------------------------------------------------------------
    # COMPANIES
    # ------------------------------------------------------------

    def test_campaign_of_another_company_is_not_read(self):
        abroad = self._new_campaign(self.foreigner)
        with self.assertRaises(AccessError):
            self._new_deal()._link_campaigns(abroad.with_user(self.salesman))
        with self.assertRaises(AccessError):
            self._new_deal().sales_campaign_ids = abroad.with_user(self.salesman)

    def test_companies_are_kept_apart(self):
        self.salesman.company_ids |= self.other_company
        abroad = self._new_campaign(self.foreigner, title="Chicago show")
        deal = self._new_deal(name="Lathe of Lyon")
        both = self.env["res.company"].browse(self.salesman.company_ids.ids)
        deal = deal.with_context(allowed_company_ids=both.ids)
        words = "“Lathe of Lyon”", "Tartempion ", "“Chicago show” of Tartempion Inc."
        with self.assertRefused(UserError, *words):
            deal._link_campaigns(abroad)
        with self.assertRefused(UserError, *words):
            deal.sales_campaign_ids = abroad.with_env(deal.env)
        # links that are made by themselves stop there without an error
        utm_campaign = abroad.utm_campaign_id
        deal.campaign_id = utm_campaign
        self.assertLinks(deal, self.env["sales.campaign"])

    def test_branch_and_shared(self):
        shared = self._new_campaign(company_id=False)
        deal = self._new_deal(self.env.user, company_id=self.branch.id, user_id=False)
        deal._link_campaigns(self.campaign | shared)
        self.assertLinks(deal, self.campaign | shared)
        # a company that is shared between the companies counts for all
        self.partner._link_campaigns(self.campaign | shared)
        self.assertLinks(self.partner, self.campaign | shared)

    def test_order_in_another_company_than_its_opportunity(self):
        shared = self._new_campaign(company_id=False)
        deal = self._new_deal(company_id=False)
        order = self._new_order(
            deal, company_id=self.other_company.id, user_id=self.foreigner.id
        )
        deal._link_campaigns(self.campaign | shared)
        self.assertLinks(order, shared)

    def test_record_that_changes_company(self):
        order = self._new_order()
        order._link_campaigns(self.campaign)
        with self.assertRefused(UserError, "“Trade show” of Tartempion"):
            order.company_id = self.other_company

    def test_campaign_that_changes_company(self):
        self.partner._link_campaigns(self.campaign)
        self.manager.company_ids |= self.other_company  # who reads both names
        campaign = self._new_campaign(self.manager, company_id=False)
        self._new_order()._link_campaigns(campaign)
        with self.assertRefused(UserError, "“Trade show”", "Tartempion"):
            campaign.sudo().company_id = self.other_company
        with self.assertRefused(UserError, "“Trade show”", "Tartempion"):
            campaign.utm_campaign_id.sudo().company_id = self.other_company
        campaign.company_id = self.company

    # ------------------------------------------------------------
    # NUMBER OF QUERIES
    # ------------------------------------------------------------

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _new_chains(self, number):
        deals = self.env["crm.lead"]
        for _ in range(number):
            deal = self._new_deal().sudo()
            deals |= deal
            self._new_meeting(deal)
            self._new_order(deal)
        return deals

    def test_queries_do_not_grow_with_the_records(self):
        self._new_chains(1)._link_campaigns(self.phoning)
        few, many = self._new_chains(2), self._new_chains(20)
        both = self.campaign | self.phoning
        counts = [
            self._count_queries(lambda r=records: r._link_campaigns(both))
            for records in (few, many)
        ]
        self.assertEqual(*counts)
        counts = [
            self._count_queries(lambda r=records: r._unlink_campaigns(both))
            for records in (few, many)
        ]
        self.assertEqual(*counts)

    def test_no_query_for_records_without_campaign(self):
        newsletter = self.env["utm.campaign"].create({"title": "Newsletter"})
        mixin = type(self.env["sales.campaign.mixin"])
        deals = self._new_deal() | self._new_deal(campaign_id=newsletter.id)
        self.assertEqual(
            self._count_queries(lambda: mixin._link_on_create(deals.sudo(), True)),
            # one to read the records that this test has invalidated, and their links
            2,
        )
