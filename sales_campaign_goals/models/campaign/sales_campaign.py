from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date


class OpportunityTotal(NamedTuple):
    """What the opportunities of one campaign in one state add up to."""

    count: int = 0
    expected: float = 0.0
    weighted: float = 0.0

    def plus(self, other):
        return OpportunityTotal(*(a + b for a, b in zip(self, other, strict=True)))


class SalesCampaign(models.Model):
    """A commercial campaign: an effort with an aim, dates and an expected revenue.

    It delegates to Odoo's ``utm.campaign``: whatever carries that campaign in its
    ``campaign_id`` (leads, quotations, invoices) belongs to the sales campaign. Other
    records are linked to it, see ``sales.campaign.mixin``.
    """

    _name = "sales.campaign"
    _description = "Sales Campaign"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _inherits = {"utm.campaign": "utm_campaign_id"}
    _rec_name = "title"
    _order = "date_start desc nulls last, id desc"
    _check_company_auto = True
    # a campaign is a team's effort: who may read it may comment on it
    _mail_post_access = "read"

    # `restrict`: a cascade in the database would leave messages and activities behind
    utm_campaign_id = fields.Many2one(
        "utm.campaign",
        string="UTM Campaign",
        required=True,
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="Odoo's own campaign. Leads, quotations and invoices that carry it "
        "belong to this sales campaign.",
    )
    has_own_utm_campaign = fields.Boolean(
        string="UTM Campaign Created with It",
        readonly=True,
        copy=False,
        help="The UTM campaign was created together with this sales campaign, not "
        "taken over from an existing one.",
    )

    # fields of the UTM campaign, declared again for tracking and company checks
    title = fields.Char(
        related="utm_campaign_id.title",
        inherited=True,
        related_sudo=False,
        readonly=False,
        required=True,
        copy=True,
        tracking=10,
    )
    user_id = fields.Many2one(
        related="utm_campaign_id.user_id",
        inherited=True,
        related_sudo=False,
        readonly=False,
        copy=True,
        tracking=20,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        related="utm_campaign_id.company_id",
        inherited=True,
        related_sudo=False,
        readonly=False,
        copy=True,
        help="Only the opportunities of this company are counted. Leave empty for a "
        "campaign shared between companies.",
    )

    aim = fields.Text(
        help="What the campaign is for, in a sentence or two.",
    )
    description = fields.Html(string="Notes")
    stage_id = fields.Many2one(
        "sales.campaign.stage",
        default=lambda self: self._default_stage_id(),
        group_expand="_group_expand_stages",
        ondelete="restrict",
        index=True,
        copy=False,
        tracking=30,
    )
    type_id = fields.Many2one(
        "sales.campaign.type",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    segment_id = fields.Many2one(
        "sales.campaign.segment",
        string="Market Segment",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    member_ids = fields.Many2many(
        "res.users",
        "sales_campaign_member_rel",
        "campaign_id",
        "user_id",
        string="Members",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Salespeople who work on the campaign. They may edit it, as its "
        "responsible does.",
    )
    date_start = fields.Date(
        string="Start Date", default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date(string="End Date", tracking=True)
    period_state = fields.Selection(
        [
            ("undated", "No dates"),
            ("upcoming", "Upcoming"),
            ("running", "Running"),
            ("ended", "Ended"),
        ],
        string="Period",
        compute="_compute_period_state",
        search="_search_period_state",
        help="Where today is in the dates of the campaign.",
    )

    # stored: a campaign without company keeps the currency it was planned in
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    expected_revenue = fields.Monetary(
        tracking=True, help="The revenue that the campaign is expected to bring."
    )
    budget = fields.Monetary(tracking=True, help="What the campaign may cost.")
    real_cost = fields.Monetary(
        copy=False, tracking=True, help="What the campaign cost in the end."
    )

    opportunity_ids = fields.One2many(
        "crm.lead",
        string="Opportunities",
        compute="_compute_opportunity_ids",
        context={"active_test": False},
        help="The opportunities of the campaign that you may see, lost ones included.",
    )
    lead_count = fields.Integer(
        string="Leads",
        compute="_compute_lead_count",
        help="Leads of the campaign that are not opportunities yet.",
    )
    opportunity_count = fields.Integer(
        string="Number of Opportunities",
        compute="_compute_opportunity_totals",
        help="Open, won and lost opportunities of the campaign.",
    )
    open_count = fields.Integer(
        string="Open Opportunities", compute="_compute_opportunity_totals"
    )
    won_count = fields.Integer(
        string="Won Opportunities", compute="_compute_opportunity_totals"
    )
    lost_count = fields.Integer(
        string="Lost Opportunities", compute="_compute_opportunity_totals"
    )
    opportunity_revenue = fields.Monetary(
        string="Potential",
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the open and the won opportunities.",
    )
    weighted_revenue = fields.Monetary(
        string="Weighted Potential",
        compute="_compute_opportunity_totals",
        help="The same sum, each opportunity weighted by its probability.",
    )
    won_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the won opportunities.",
    )
    lost_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the lost opportunities. It is part of no "
        "other sum.",
    )
    won_percentage = fields.Float(
        string="Won (%)",
        compute="_compute_percentages",
        help="The won revenue against the expected revenue of the campaign.",
    )
    weighted_percentage = fields.Float(
        string="Weighted (%)",
        compute="_compute_percentages",
        help="The weighted potential against the expected revenue of the campaign.",
    )
    conversion_date = fields.Date(
        compute="_compute_conversion_date",
        help="Amounts in other currencies are converted at the rate of this day: "
        "today, or the last day of a campaign that has ended.",
    )

    _unique_utm_campaign = models.Constraint(
        "UNIQUE(utm_campaign_id)",
        "This UTM campaign already runs as a sales campaign. Open that sales campaign "
        "instead of creating a second one.",
    )
    _period_idx = models.Index("(date_start, date_end)")

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_stage_id(self):
        return self.env["sales.campaign.stage"].search([], limit=1)

    @api.model
    def _group_expand_stages(self, stages, domain):
        """Show the empty stages too: a campaign is dragged into them."""
        return stages.search([])

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for campaign in self:
            campaign.currency_id = (
                campaign.company_id.currency_id
                or campaign.currency_id
                or self.env.company.currency_id
            )

    @api.depends("date_start", "date_end")
    @api.depends_context("tz")
    def _compute_period_state(self):
        today = fields.Date.context_today(self)
        for campaign in self:
            if campaign.date_end and campaign.date_end < today:
                campaign.period_state = "ended"
            elif not campaign.date_start:
                campaign.period_state = "undated"
            elif campaign.date_start > today:
                campaign.period_state = "upcoming"
            else:
                campaign.period_state = "running"

    @api.model
    def _search_period_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        not_ended = Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        domains = {
            "ended": Domain("date_end", "<", today),
            "undated": Domain("date_start", "=", False) & not_ended,
            "upcoming": Domain("date_start", ">", today) & not_ended,
            "running": Domain("date_start", "<=", today) & not_ended,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("date_end")
    @api.depends_context("tz")
    def _compute_conversion_date(self):
        today = fields.Date.context_today(self)
        for campaign in self:
            campaign.conversion_date = min(campaign.date_end or today, today)

    @api.depends("utm_campaign_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_opportunity_ids(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        for campaign in self:
            campaign.opportunity_ids = (
                leads.search(campaign._get_opportunity_domain())
                if campaign.ids
                else leads
            )

    @api.depends("utm_campaign_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_lead_count(self):
        counts = self._count_linked(self.env["crm.lead"], Domain("type", "=", "lead"))
        for campaign in self:
            campaign.lead_count = counts[campaign._origin.id]

    @api.depends("utm_campaign_id", "company_id", "currency_id", "conversion_date")
    @api.depends_context("company", "allowed_company_ids")
    def _compute_opportunity_totals(self):
        totals = self._get_opportunity_totals()
        for campaign in self:
            by_status = totals[campaign]
            won, lost = by_status["won"], by_status["lost"]
            alive = by_status["pending"].plus(won)
            campaign.update(
                {
                    "opportunity_count": alive.count + lost.count,
                    "open_count": by_status["pending"].count,
                    "won_count": won.count,
                    "lost_count": lost.count,
                    "opportunity_revenue": alive.expected,
                    "weighted_revenue": alive.weighted,
                    "won_revenue": won.expected,
                    "lost_revenue": lost.expected,
                }
            )

    @api.depends("expected_revenue", "won_revenue", "weighted_revenue")
    def _compute_percentages(self):
        for campaign in self:
            expected = campaign.expected_revenue
            campaign.won_percentage = (
                100 * campaign.won_revenue / expected if expected else 0
            )
            campaign.weighted_percentage = (
                100 * campaign.weighted_revenue / expected if expected else 0
            )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for campaign in self:
            start, end = campaign.date_start, campaign.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "Campaign “%(campaign)s”: the end date (%(end)s) is before the "
                        "start date (%(start)s). Choose an end date on or after the "
                        "start date.",
                        campaign=campaign.title,
                        end=format_date(self.env, end),
                        start=format_date(self.env, start),
                    )
                )

    @api.constrains(lambda self: self._get_positive_amount_fields())
    def _check_positive_amounts(self):
        for campaign in self:
            for fname in self._get_positive_amount_fields():
                if campaign[fname] < 0:
                    raise ValidationError(
                        self.env._(
                            "Campaign “%(campaign)s”: the field “%(field)s” cannot be "
                            "negative (%(amount)s). Enter zero or more.",
                            campaign=campaign.title,
                            field=self._fields[fname]._description_string(self.env),
                            amount=format_amount(
                                self.env, campaign[fname], campaign.currency_id
                            ),
                        )
                    )

    @api.model
    def _get_positive_amount_fields(self):
        """Amounts of a campaign that cannot be negative."""
        return ["expected_revenue", "budget", "real_cost"]

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        default_stage_id = self.env.context.get("default_stage_id")
        for vals in vals_list:
            vals["has_own_utm_campaign"] = not vals.get("utm_campaign_id")
            if default_stage_id:
                vals.setdefault("stage_id", default_stage_id)
        # the UTM campaign has a `stage_id` of another model, not to be given ours
        context = {
            key: value
            for key, value in self.env.context.items()
            if key != "default_stage_id"
        }
        without_default = self.with_context(context)  # pylint: disable=context-overridden
        campaigns = super(SalesCampaign, without_default).create(vals_list)
        return campaigns.with_env(self.env)

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default=default)
        for campaign, vals in zip(self, vals_list, strict=True):
            if "title" not in default:
                vals["title"] = self.env._("%s (copy)", campaign.title)
            if "name" not in default:
                # let Odoo make a new identifier from the new title
                vals.pop("name", None)
        return vals_list

    def unlink(self):
        """Delete the campaigns, and those UTM campaigns that nothing needs any more.

        A UTM campaign stays when it existed before the sales campaign, or when a lead,
        an order, an invoice or anything else still refers to it.
        """
        own = self.filtered("has_own_utm_campaign").utm_campaign_id
        result = super().unlink()
        # deleting UTM campaigns is for system administrators only
        own.sudo()._filter_unreferenced().unlink()
        return result

    # ------------------------------------------------------------
    # OPPORTUNITIES AND THEIR TOTALS
    # ------------------------------------------------------------

    @api.model
    def _get_counted_opportunity_domain(self):
        """Opportunities that belong to a total: open, won or lost.

        One that was archived without being won or lost counts nowhere.
        """
        return Domain("type", "=", "opportunity") & (
            Domain("active", "=", True) | Domain("won_status", "in", ["won", "lost"])
        )

    def _get_opportunity_domain(self):
        """Domain of the opportunities counted in this campaign's totals.

        To be searched with ``active_test=False``, since lost ones are archived.
        """
        self.ensure_one()
        return (
            self._get_counted_opportunity_domain()
            & self.env["crm.lead"]._get_campaign_domain(self)
            & self._get_company_domain()
        )

    def _get_company_domain(self):
        """Domain of the records in the company of this campaign, as `_counts_company`
        decides it."""
        self.ensure_one()
        no_company = Domain("company_id", "=", False)
        if self.company_id:
            return no_company | Domain("company_id", "child_of", self.company_id.ids)
        return no_company | Domain("company_id", "in", self.env.companies.ids)

    def _counts_company(self, company):
        """Tell whether the records of `company` count for this campaign: those of the
        campaign's company and its branches, or of the user's companies if it has none.
        """
        self.ensure_one()
        if not company:
            return True
        if self.company_id:
            return self.company_id in company.sudo().parent_ids
        return company in self.env.companies

    def _get_opportunity_totals(self):
        """Add up the opportunities of all these campaigns in a constant number of
        queries, above the user's rules but within each campaign's company.

        :return: ``{campaign: {won_status: OpportunityTotal}}`` in the currency of the
            campaign
        """
        campaigns = {campaign._origin.id: campaign for campaign in self}
        rows = []
        for linked, company, status, *amounts in (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                self._get_counted_opportunity_domain()
                & self.env["crm.lead"]._get_campaign_domain(self._origin),
                ["sales_campaign_ids", "company_id", "won_status"],
                ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
            )
        ):
            campaign = campaigns.get(linked.id)
            if campaign and campaign._counts_company(company):
                # as `crm.lead` does: the current company's, for want of its own
                own_company = company or campaign.company_id or self.env.company
                rows.append((campaign, own_company.currency_id, status, amounts))
        rates = self._get_conversion_rates(
            (campaign, currency) for campaign, currency, *_ in rows
        )
        totals = {
            campaign: defaultdict(OpportunityTotal, pending=OpportunityTotal())
            for campaign in self
        }
        for campaign, currency, status, (count, *amounts) in rows:
            rate = rates[campaign, currency]
            amounts = (
                campaign.currency_id.round(amount * rate) if rate != 1 else amount
                for amount in amounts
            )
            totals[campaign][status] = totals[campaign][status].plus(
                OpportunityTotal(count, *amounts)
            )
        return totals

    @api.model
    def _get_conversion_rates(self, pairs):
        """Return ``{(campaign, currency): factor}``, from each currency to that of the
        campaign at its conversion date."""
        pairs = set(pairs)
        foreign = {
            pair: (pair[0].company_id or self.env.company, pair[0].conversion_date)
            for pair in pairs
            if pair[1] != pair[0].currency_id
        }
        rates = self.env["res.currency"]._get_rates_by_day(
            (currency, *company_and_day)
            for (campaign, from_currency), company_and_day in foreign.items()
            for currency in (from_currency, campaign.currency_id)
        )
        factors = dict.fromkeys(pairs, 1)
        for (campaign, currency), company_and_day in foreign.items():
            factors[campaign, currency] = (
                rates[(campaign.currency_id, *company_and_day)]
                / rates[(currency, *company_and_day)]
            )
        return factors

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_opportunities(self):
        """Open the opportunities counted in the totals, as far as the user may."""
        return self._get_opportunity_action(self.env._("Opportunities"))

    def action_view_won_opportunities(self):
        """Open the won opportunities."""
        return self._get_opportunity_action(self.env._("Won Opportunities"), "won")

    def action_view_lost_opportunities(self):
        """Open the lost opportunities."""
        return self._get_opportunity_action(self.env._("Lost Opportunities"), "lost")

    def action_view_leads(self):
        """Open the leads that are not opportunities yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        action.update(
            name=self.env._("Leads: %s", self.title),
            display_name=self.env._("Leads: %s", self.title),
            domain=list(
                Domain("type", "=", "lead")
                & self.env["crm.lead"]._get_campaign_domain(self)
                & self._get_company_domain()
            ),
            context={**self._get_lead_defaults(), "default_type": "lead"},
        )
        return action

    def action_new_opportunity(self):
        """Open the form of a new opportunity that belongs to this campaign."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Opportunity: %s", self.title),
            "res_model": "crm.lead",
            "view_mode": "form",
            "context": self._get_lead_defaults(),
        }

    def action_add_company_met(self):
        """Open the dialog that notes the companies met, one after the other."""
        self.ensure_one()
        return self.env["sales.campaign.meet"]._open(self)

    def _get_opportunity_action(self, name, won_status=None):
        self.ensure_one()
        domain = self._get_opportunity_domain()
        if won_status:
            domain &= Domain("won_status", "=", won_status)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        action.update(
            name=f"{name}: {self.title}",
            display_name=f"{name}: {self.title}",
            domain=list(domain),
            context={**self._get_lead_defaults(), "active_test": False},
            view_mode="list,kanban,graph,pivot,calendar,form,activity",
            views=[
                (False, view)
                for view in (
                    "list",
                    "kanban",
                    "graph",
                    "pivot",
                    "calendar",
                    "form",
                    "activity",
                )
            ],
        )
        return action

    def _get_lead_defaults(self):
        """Default values of an opportunity created from this campaign."""
        self.ensure_one()
        defaults = {
            "default_type": "opportunity",
            "default_campaign_id": self.utm_campaign_id.id,
        }
        if self.company_id:
            defaults["default_company_id"] = self.company_id.id
        if self.team_id:
            defaults["default_team_id"] = self.team_id.id
        return defaults
