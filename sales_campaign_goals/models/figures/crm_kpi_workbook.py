from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.kpi.arithmetic import percentage
from odoo.addons.sales_pipeline_plus.models.workbook.crm_kpi_workbook_sheets import (
    FIRST_ROW,
)
from odoo.addons.sales_pipeline_plus.workbook.book import Column


class CrmKpiWorkbook(models.AbstractModel):
    """The campaigns of the period, with their goals and return, in the workbook."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_deals)
        return [
            *sheets[:place],
            self._write_campaigns,
            self._write_campaign_goals,
            *sheets[place:],
        ]

    @api.model
    def _get_campaigns(self, question):
        """Return the campaigns that run in the period and that the user may read."""
        period, _comparison, _domain = self.env["crm.kpi"]._read_filters(
            question.filters
        )
        end = fields.Date.to_string(period.end)
        start = fields.Date.to_string(period.start)
        domain = (Domain("date_start", "=", False) | Domain("date_start", "<", end)) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", start)
        )
        for name, field_name in (
            ("campaign_ids", "utm_campaign_id"),
            ("company_ids", "company_id"),
            ("team_ids", "team_id"),
            ("user_ids", "user_id"),
        ):
            if question.filters.get(name):
                domain &= Domain(field_name, "in", question.filters[name])
        return self.env["sales.campaign"].search(domain)

    @api.model
    def _write_campaigns(self, book, question):
        """Amounts and return of each campaign, and a chart of them."""
        name = self.env._("Campaigns")
        sheet = book.add_sheet(name, pages=0, across=2)
        book.write_title(
            sheet,
            name,
            self.env._(
                "Campaigns that run in the period. Their totals count all "
                "opportunities of the campaign, also those that you may not open. "
                "Influenced: all that is linked; attributed: its share by the model "
                "“%s”. The total counts everything once. Each amount is converted at "
                "its own date",
                self.env["sales.campaign"]._get_attribution_names(self.env.companies),
            ),
        )
        campaigns = self._get_campaigns(question)
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Campaign"), width=32),
                Column(self.env._("Type")),
                Column(self.env._("Market Segment")),
                Column(self.env._("Responsible")),
                Column(self.env._("Start"), "date"),
                Column(self.env._("End"), "date"),
                Column(self.env._("Opportunities"), "count"),
                Column(self.env._("Won"), "count"),
                Column(self.env._("Expected Revenue"), "amount"),
                Column(self.env._("Weighted Revenue"), "amount"),
                Column(self.env._("Won Revenue"), "amount", bar=True),
                Column(self.env._("Real Cost"), "amount", bar=True),
                Column(self.env._("Return on Investment"), "change"),
                Column(self.env._("Ordered"), "amount"),
                Column(self.env._("Invoiced"), "amount"),
                Column(self.env._("Made Revenue"), "amount"),
                Column(self.env._("Attributed Won Revenue"), "amount"),
                Column(self.env._("Attributed Revenue"), "amount"),
                Column(self.env._("Attribution")),
            ],
            self._get_campaign_rows(campaigns),
            empty_text=self._get_no_data(),
        )
        if campaigns:
            book.add_chart(
                sheet,
                "bar",
                name,
                (last_row + 2, 0),
                [
                    {
                        "name": label,
                        "categories": (FIRST_ROW + 1, 0, last_row - 1, 0),
                        "values": (FIRST_ROW + 1, column, last_row - 1, column),
                    }
                    for label, column in (
                        (self.env._("Won Revenue"), 10),
                        (self.env._("Real Cost"), 11),
                    )
                ],
                size=(820, min(160 + 34 * len(campaigns), 640)),
                unit="amount",
            )

    @api.model
    def _get_campaign_rows(self, campaigns):
        """Return a row for each campaign and one for all of them, in the currency of
        the user's company."""
        if not campaigns:
            return []
        attribution = self.env["sales.campaign.attribution"]
        currency = self.env.company.currency_id
        influenced, attributed, shared = attribution._get_totals(
            campaigns, currency=currency
        )
        expected, costs = {}, {}
        for campaign in campaigns:
            expected[campaign], costs[campaign] = (
                campaign._convert_planned(campaign[fname], currency)
                for fname in ("expected_revenue", "real_cost")
            )
        together = attribution._add_up(attributed, {}, currency)
        return [
            *(
                [
                    campaign.title,
                    campaign.type_id.name,
                    campaign.segment_id.name,
                    campaign.user_id.name,
                    campaign.date_start,
                    campaign.date_end,
                    *self._get_campaign_amounts(
                        influenced[campaign],
                        attributed[campaign],
                        expected[campaign],
                        costs[campaign],
                        currency,
                    ),
                    campaign.attribution_model,
                ]
                for campaign in campaigns
            ),
            [
                self.env._("Total, everything once"),
                *[None] * 5,
                *self._get_campaign_amounts(
                    attribution._add_up(influenced, shared, currency),
                    together,
                    sum(expected.values()),
                    sum(costs.values()),
                    currency,
                ),
                None,
            ],
        ]

    @api.model
    def _get_campaign_amounts(self, total, share, expected, other_costs, currency):
        """Return the cells of what was influenced, and of its share."""
        cost = currency.round(
            other_costs + share["lines"] + share["bills"] + share["meetings"]
        )
        made = currency.round(share["ordered"] + share["won_without_order"])
        return [
            total["open_count"] + total["won_count"] + total["lost_count"],
            total["won_count"],
            currency.round(expected),
            total["weighted"],
            total["won"],
            cost,
            percentage(made - cost, cost) if cost > 0 else None,
            total["ordered"],
            total["invoiced"],
            currency.round(total["ordered"] + total["won_without_order"]),
            share["won"],
            made,
        ]

    @api.model
    def _write_campaign_goals(self, book, question):
        """The goals of the campaigns: what was wanted, what is there."""
        name = self.env._("Campaign Goals")
        sheet = book.add_sheet(name)
        book.write_title(
            sheet,
            name,
            self.env._("Counted for all; sums in the currency of the campaign"),
        )
        goals = self._get_campaigns(question).goal_ids
        states = dict(goals._fields["state"]._description_selection(self.env))
        book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Campaign"), width=32),
                Column(self.env._("Goal")),
                Column(self.env._("Salesperson")),
                Column(self.env._("Target"), "number"),
                Column(self.env._("Reached"), "number"),
                Column(self.env._("Progress"), "percentage", bar=True),
                Column(self.env._("Expected by Today"), "number"),
                Column(self.env._("By When"), "date"),
                Column(self.env._("State")),
                Column(self.env._("Currency")),
            ],
            [
                [
                    goal.campaign_id.title,
                    goal.name,
                    goal.user_id.name,
                    self._get_goal_number(goal, goal.target),
                    self._get_goal_number(goal, goal.current),
                    goal.percentage,
                    self._get_goal_number(goal, goal.expected_today),
                    goal.deadline,
                    states.get(goal.state),
                    goal.currency_id.name if goal.is_money else None,
                ]
                for goal in goals
            ],
            empty_text=self._get_no_data(),
        )

    @api.model
    def _get_goal_number(self, goal, value):
        """Return a number with its kind: an amount, or what is counted."""
        return value, "number" if goal.is_money else "count"
