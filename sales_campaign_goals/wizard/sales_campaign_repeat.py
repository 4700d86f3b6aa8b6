from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records

from ..tools.days import check_days


class SalesCampaignRepeat(models.TransientModel):
    """Do a campaign again: its goals, members and budget, at other dates."""

    _name = "sales.campaign.repeat"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Do a Campaign Again"

    campaign_id = fields.Many2one("sales.campaign", required=True, ondelete="cascade")
    shift_by = fields.Selection(
        [
            ("year", "A year later"),
            ("quarter", "A quarter later"),
            ("start", "From a chosen day"),
        ],
        string="When",
        required=True,
        default="year",
    )
    date_start = fields.Date(
        string="Start Date",
        compute="_compute_dates",
        precompute=True,
        store=True,
        readonly=False,
    )
    date_end = fields.Date(string="End Date", compute="_compute_date_end")
    title = fields.Char(
        compute="_compute_title",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )

    @api.depends("campaign_id", "shift_by")
    def _compute_dates(self):
        for repeat in self:
            start = repeat.campaign_id.date_start
            if repeat.shift_by != "start":
                repeat.date_start = start and start + repeat._get_fixed_shift()
            elif not repeat.date_start:
                repeat.date_start = fields.Date.context_today(repeat)

    @api.depends("campaign_id", "shift_by", "date_start")
    def _compute_date_end(self):
        for repeat in self:
            end = repeat.campaign_id.date_end
            repeat.date_end = end and end + repeat._get_shift()

    @api.depends("campaign_id", "date_start")
    def _compute_title(self):
        """Propose the title with the new year instead of the old one."""
        for repeat in self:
            title = repeat.campaign_id.title or ""
            old, new = repeat.campaign_id.date_start, repeat.date_start
            if new and old and str(old.year) in title:
                title = title.replace(str(old.year), str(new.year))
            elif new:
                title = self.env._("%(title)s (%(year)s)", title=title, year=new.year)
            repeat.title = title

    @api.depends("campaign_id")
    def _compute_user_id(self):
        """Who may not edit the campaign is responsible for doing it again."""
        for repeat in self:
            campaign = repeat.campaign_id._origin
            allowed = campaign.user_id.active and campaign.has_access("write")
            repeat.user_id = campaign.user_id if allowed else self.env.user

    def _get_fixed_shift(self):
        if self.shift_by == "year":
            return relativedelta(years=1)
        return relativedelta(months=3)

    def _get_shift(self):
        """Return what is added to the end and to the deadlines of the goals."""
        self.ensure_one()
        if self.shift_by != "start":
            return self._get_fixed_shift()
        campaign = self.campaign_id
        old = campaign.date_start or (
            campaign.create_date and campaign.create_date.date()
        )
        if not old or not self.date_start:
            return relativedelta()
        check_days(self, campaign.title, "date_start")
        return relativedelta(days=(self.date_start - old).days)

    def action_repeat(self):
        """Create the new campaign and open it."""
        check_records(self)
        self.ensure_one()
        campaign = self.campaign_id
        if self.shift_by == "start" and not self.date_start:
            raise UserError(
                self.env._(
                    "“%s” needs a day to begin again. Choose a start date.",
                    campaign.title,
                )
            )
        start = campaign.date_start
        if self.shift_by == "start":
            start = self.date_start
        elif start:
            start += self._get_fixed_shift()
        new = campaign._repeat(
            {
                "title": self.title,
                "user_id": self.user_id.id,
                "date_start": start,
                "date_end": self.date_end,
            },
            self._get_shift(),
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sales.campaign",
            "res_id": new.id,
            "views": [(False, "form")],
            "target": "current",
        }
