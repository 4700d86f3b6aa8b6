from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.goal_pace import get_percentage


class SalesCampaignGoalSnapshot(models.Model):
    """Goals of unlike kinds side by side: in percent of their targets."""

    _inherit = "sales.campaign.goal.snapshot"

    percentage = fields.Float(
        string="Progress (%)",
        compute="_compute_percentage",
        digits=(16, 1),
        aggregator="avg",
        help="What was there against the target of then; of several goals or days, "
        "the mean.",
    )
    is_of_latest_campaign = fields.Boolean(
        compute="_compute_is_of_latest_campaign",
        search="_search_is_of_latest_campaign",
        help="Of the campaign whose progress was kept last; of several, the newest.",
    )

    @api.depends("current", "target")
    def _compute_percentage(self):
        for snapshot in self:
            snapshot.percentage = get_percentage(snapshot.current, snapshot.target)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "percentage":
            return super()._field_to_sql(alias, field_expr, query)
        target = super()._field_to_sql(alias, "target", query)
        return SQL(
            "CASE WHEN %s > 0 THEN GREATEST(0, 100 * %s / %s) ELSE 0 END::float8",
            target,
            super()._field_to_sql(alias, "current", query),
            target,
        )

    @api.model
    def _get_latest_campaign(self):
        return self.search(
            [], order="date desc, campaign_id.id desc", limit=1
        ).campaign_id

    @api.depends("campaign_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_of_latest_campaign(self):
        latest = self._get_latest_campaign()
        for snapshot in self:
            snapshot.is_of_latest_campaign = snapshot.campaign_id == latest

    @api.model
    def _search_is_of_latest_campaign(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("campaign_id", "in", self._get_latest_campaign().ids)
