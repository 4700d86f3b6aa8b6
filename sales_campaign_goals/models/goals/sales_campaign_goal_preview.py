from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

PREVIEW_LIMIT = 8


class SalesCampaignGoal(models.Model):
    """The first of the records behind a goal, while it is being defined."""

    _inherit = "sales.campaign.goal"

    preview = fields.Html(
        string="Records Counted",
        compute="_compute_preview",
        help="The first of the records that are counted, as far as you may see them.",
    )

    @api.depends(
        "campaign_id",
        "counting",
        "res_model",
        "condition",
        "condition_user_id",
        "measure",
        "within_dates",
        "date_field",
        "user_id",
        "team_id",
    )
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_preview(self):
        for goal in self:
            if not goal.campaign_id.ids or goal._get_countable_model() is None:
                goal.preview = False
                continue
            records, count = goal._get_preview_records()
            items = Markup().join(
                Markup("<li>%s</li>") % name for name in records.mapped("display_name")
            )
            if count > len(records):
                more = self.env._("and %s more", count - len(records))
                items += Markup("<li class='text-muted'>%s</li>") % more
            if items:
                goal.preview = Markup("<ul class='mb-0 ps-3'>%s</ul>") % items
            else:
                goal.preview = Markup(
                    "<span class='text-muted'>%s</span>"
                ) % self.env._("Nothing that you may see is counted yet.")

    def _get_preview_records(self):
        """Return the first records that the user may read, and how many there are."""
        try:
            return self._find_preview_records()
        except AccessError:  # to what the condition of somebody else asks
            return self._get_countable_model().browse(), 0

    def _find_preview_records(self):
        model, domain = self._get_countable_model(), self._get_record_domain()
        if self.measure == "companies":
            model = self.env["res.partner"]
            domain = Domain("id", "in", self._get_visible_company_ids())
        model = model.with_context(active_test=False, tz=self._get_timezone())
        records = model.search(domain, limit=PREVIEW_LIMIT)
        count = len(records)
        if count == PREVIEW_LIMIT:
            count = model.search_count(domain)
        return records, count
