from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ...tools.days import check_days


class SalesCampaign(models.Model):
    """A commercial campaign: an effort with an aim, dates and an expected revenue.

    It delegates to Odoo's ``utm.campaign``: whatever carries that campaign in its
    ``campaign_id`` (leads, quotations, invoices) belongs to the sales campaign. Other
    records are linked to it, see ``sales.campaign.mixin``.
    """

    _name = "sales.campaign"
    _description = "Sales Campaign"
    _inherit = ["mail.thread", "mail.activity.mixin", "crm.naming.mixin"]
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

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for campaign in self:
            check_days(campaign, campaign.title, "date_start", "date_end")
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

    def write(self, vals):
        if "has_own_utm_campaign" in vals and not self.env.su:
            # Nobody gives it: the UTM campaign goes with the sales campaign or stays.
            vals = dict(vals)
            del vals["has_own_utm_campaign"]
        return super().write(vals)

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
