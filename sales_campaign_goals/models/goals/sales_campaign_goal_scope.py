from odoo import api, models


class SalesCampaignGoal(models.Model):
    """What narrows a goal: for whom it counts, where, and for which days."""

    _inherit = "sales.campaign.goal"

    def _get_condition_scope(self):
        scope = {"user": self.user_id._origin.id, "team": self.team_id._origin.id}
        campaign = self.campaign_id.sudo()
        if self.within_dates and (campaign.date_start or campaign.date_end):
            scope["dates"] = (
                campaign.date_start,
                campaign.date_end,
                self._get_timezone(),
            )
        return {name: value for name, value in scope.items() if value}

    def _get_condition_place(self):
        """Where it is asked: the campaign, its company, and the time zone for a
        condition with dates."""
        campaign = self.campaign_id.sudo()
        condition = self._get_condition_domain()
        asks_for_all = condition is None or condition.is_true()
        return {
            **self._get_condition_scope(),
            "campaign": campaign._origin.id,
            "company": campaign.company_id._origin.id,
            "timezone": not asks_for_all and self._get_timezone(),
        }

    @api.model
    def _get_place_fields(self):
        return ["user_id", "team_id", "campaign_id"]

    def _take_over_narrowed(self):
        result = super()._take_over_narrowed()
        if self and not self._may_narrow():
            self._update_date_reached()
        return result

    @api.depends(
        "user_id",
        "team_id",
        "campaign_id.date_start",
        "campaign_id.date_end",
        "campaign_id.company_id",
    )
    def _compute_condition_rights(self):
        return super()._compute_condition_rights()


class SalesCampaign(models.Model):
    """The dates, the company and the responsible's time zone of a campaign."""

    _inherit = "sales.campaign"

    def write(self, vals):
        narrowing = {
            "company_id",
            "date_end",
            "date_start",
            "user_id",
            "utm_campaign_id",
        }
        if narrowing.isdisjoint(vals):
            return super().write(vals)
        with self.sudo().goal_ids._watching_narrowing():
            return super().write(vals)


class UtmCampaign(models.Model):
    """What a sales campaign has from its UTM campaign can be written there as well."""

    _inherit = "utm.campaign"

    def write(self, vals):
        if self._get_access_fields().isdisjoint(vals):
            return super().write(vals)
        campaigns = self.sudo().sales_campaign_ids
        with campaigns.goal_ids._watching_narrowing():
            return super().write(vals)


class ResUsers(models.Model):
    """The time zone of a responsible."""

    _inherit = "res.users"

    def write(self, vals):
        if "tz" not in vals or self.env.user not in self:
            return super().write(vals)
        goals = self.env["sales.campaign.goal"].sudo().with_context(active_test=False)
        goals = goals.search([("campaign_id.user_id", "=", self.env.uid)])
        with goals._watching_narrowing():
            return super().write(vals)
