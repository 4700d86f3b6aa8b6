from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records
from odoo.addons.sales_pipeline_plus.tools.texts import with_colon

SALESPERSON = "sales_team.group_sale_salesman"


class LinkedRecords(NamedTuple):
    """A kind of records that a campaign counts and opens."""

    model: str
    domain: Domain
    action: str
    defaults: dict


class SalesCampaign(models.Model):
    """The numbers of the records of a campaign, and the way to them.

    Like the other totals they are counted above the user's rules, in the company of the
    campaign; opening the records applies the rules.
    """

    _inherit = "sales.campaign"

    company_count = fields.Integer(
        string="Companies",
        compute="_compute_company_count",
        groups=SALESPERSON,
        help="Companies of which the company itself, or one of its people, is linked "
        "to the campaign. Private people are contacts, not companies.",
    )
    contact_count = fields.Integer(
        string="Contacts",
        compute="_compute_linked_counts",
        groups=SALESPERSON,
        help="People linked to the campaign.",
    )
    meeting_count = fields.Integer(
        string="Meetings",
        compute="_compute_linked_counts",
        groups=SALESPERSON,
        help="Meetings linked to the campaign, or about one of its opportunities.",
    )
    quotation_count = fields.Integer(
        string="Quotations",
        compute="_compute_linked_counts",
        groups=SALESPERSON,
        help="Quotations of the campaign, sent or not, that are not confirmed yet.",
    )
    order_count = fields.Integer(
        string="Orders",
        compute="_compute_linked_counts",
        groups=SALESPERSON,
        help="Confirmed orders of the campaign.",
    )
    invoice_count = fields.Integer(
        string="Invoices",
        compute="_compute_linked_counts",
        groups=SALESPERSON,
        help="Customer invoices and credit notes of the campaign, drafts included.",
    )

    def _get_linked_records(self):
        """Return the kinds of linked records, ``{count field: LinkedRecords}``."""
        carrying = {"default_campaign_id": self.utm_campaign_id[:1].id}
        linked = {"default_sales_campaign_ids": [Command.set(self.ids)]}
        return {
            "company_count": LinkedRecords(
                "res.partner",
                None,  # not only those linked themselves, see _get_linked_companies
                "contacts.action_contacts",
                {**linked, "default_is_company": True},
            ),
            "contact_count": LinkedRecords(
                "res.partner",
                Domain("is_company", "=", False),
                "contacts.action_contacts",
                {**linked, "default_is_company": False},
            ),
            "meeting_count": LinkedRecords(
                "calendar.event",
                Domain.TRUE,
                "calendar.action_calendar_event",
                linked,
            ),
            "quotation_count": LinkedRecords(
                "sale.order",
                Domain("state", "in", ["draft", "sent"]),
                "sale.action_quotations",
                carrying,
            ),
            "order_count": LinkedRecords(
                "sale.order",
                Domain("state", "=", "sale"),
                "sale.action_orders",
                carrying,
            ),
            "invoice_count": LinkedRecords(
                "account.move",
                Domain("move_type", "in", ["out_invoice", "out_refund", "out_receipt"])
                & Domain("state", "!=", "cancel"),
                "account.action_move_out_invoice",
                {**carrying, "default_move_type": "out_invoice"},
            ),
        }

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_company_count(self):
        companies = self._get_linked_companies()
        for campaign in self:
            campaign.company_count = len(companies[campaign._origin.id])

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_linked_counts(self):
        kinds = self.browse()._get_linked_records()
        del kinds["company_count"]
        counts = self._count_linked(
            {fname: (kind.model, kind.domain) for fname, kind in kinds.items()}
        )
        for campaign in self:
            for fname in kinds:
                campaign[fname] = counts[fname, campaign._origin.id]

    def _get_linked_companies(self):
        """Return ``{id of the campaign: ids of companies}`` by one query: the same that
        a goal of distinct companies counts.

        :return: in the company of the campaign
        """
        result = defaultdict(set)
        campaigns = {campaign._origin.id: campaign for campaign in self}
        partners = self.env["res.partner"].sudo()
        query = partners._search(partners._get_campaign_domain(self._origin))
        campaign = self._join_links(partners, query)
        query.groupby = SQL("1, 2, 3")
        browse_company = self.env["res.company"].browse
        for campaign_id, owner_id, company_id in self.env.execute_query(
            query.select(
                campaign,
                SQL.identifier(query.table, "company_id"),
                partners._get_goal_partner_sql(query),
            )
        ):
            owner = browse_company(owner_id)
            if company_id and campaigns[campaign_id]._counts_company(owner):
                result[campaign_id].add(company_id)
        return result

    def _count_linked(self, kinds):
        """Count the linked records of several kinds in one query.

        :param kinds: ``{key: (name of the model, domain)}``
        :return: ``{(key, id of the campaign): number}``, in the company of the campaign
        """
        counts = defaultdict(int)
        campaigns = {campaign._origin.id: campaign for campaign in self}
        queries = []
        for key, (model_name, domain) in kinds.items():
            model = self.env[model_name].sudo()
            query = model._search(domain & model._get_campaign_domain(self._origin))
            if query.is_empty():
                continue
            campaign_id = self._join_links(model, query)
            company_id = SQL("NULL::integer")
            if "company_id" in model._fields:
                company_id = SQL.identifier(query.table, "company_id")
            query.groupby = SQL("2, 3")
            queries.append(
                query.select(
                    SQL("%s::varchar", key), campaign_id, company_id, SQL("COUNT(*)")
                )
            )
        browse_company = self.env["res.company"].browse
        union = SQL(" UNION ALL ").join(SQL("(%s)", query) for query in queries)
        for key, campaign_id, company_id, count in (
            self.env.execute_query(union) if queries else ()
        ):
            if campaigns[campaign_id]._counts_company(browse_company(company_id)):
                counts[key, campaign_id] += count
        return counts

    def _join_links(self, model, query):
        """Join the links to these campaigns to a query of records of a model.

        :return: the SQL of the id of the campaign
        """
        model.flush_model(["sales_campaign_ids"])
        query.order = None
        link = model._get_relation()
        query.add_join(
            "JOIN",
            "campaign_link",
            link["links"],
            SQL(
                "campaign_link.%s = %s AND campaign_link.%s = ANY(%s)",
                link["record"],
                SQL.identifier(query.table, "id"),
                link["campaign"],
                list(self._origin.ids),
            ),
        )
        return SQL("campaign_link.%s", link["campaign"])

    def action_view_companies(self):
        """Open the companies of which the company or one of its people is linked."""
        check_records(self)
        action = self._open_linked("company_count", self.env._("Companies"))
        linked = Domain("is_company", "=", True) & Domain("active", "=", True)
        companies = Domain("id", "in", sorted(self._get_linked_companies()[self.id]))
        action["domain"] = list(companies | (linked & Domain(action["domain"])))
        # a contact counts its company even when that is archived
        action["context"]["active_test"] = False
        return action

    def action_view_contacts(self):
        """Open the linked people."""
        check_records(self)
        return self._open_linked("contact_count", self.env._("Contacts"))

    def action_view_meetings(self):
        """Open the meetings."""
        check_records(self)
        return self._open_linked("meeting_count", self.env._("Meetings"))

    def action_view_quotations(self):
        """Open the quotations that are not confirmed yet."""
        check_records(self)
        return self._open_linked("quotation_count", self.env._("Quotations"))

    def action_view_orders(self):
        """Open the confirmed orders."""
        check_records(self)
        return self._open_linked("order_count", self.env._("Orders"))

    def action_view_invoices(self):
        """Open the customer invoices and credit notes."""
        check_records(self)
        return self._open_linked("invoice_count", self.env._("Invoices"))

    def _open_linked(self, fname, name):
        """Open what the count `fname` counts, as far as the user may see it."""
        self.ensure_one()
        kind = self._get_linked_records()[fname]
        model = self.env[kind.model]
        action = self.env["ir.actions.act_window"]._for_xml_id(kind.action)
        views = [view for view in action["views"] if view[1] != "form"]
        views.sort(key=lambda view: view[1] not in ("list", "kanban"))
        company = {"default_company_id": self.company_id.id} if self.company_id else {}
        action.update(
            name=with_colon(self.env, name, self.title),
            display_name=with_colon(self.env, name, self.title),
            domain=list(
                (kind.domain or Domain.TRUE)
                & model._get_campaign_domain(self)
                & model._get_campaign_company_domain(self)
            ),
            context={
                **kind.defaults,
                **(company if "campaign_id" in model._fields else {}),
            },
            views=[*views, *(view for view in action["views"] if view[1] == "form")],
        )
        return action
