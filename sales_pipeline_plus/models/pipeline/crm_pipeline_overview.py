from dataclasses import dataclass

from odoo import api, fields, models


@dataclass
class PipelineTotals:
    """What the open opportunities of a pipeline add up to, in one currency."""

    count: int = 0
    late: int = 0
    rotting: int = 0
    revenue: float = 0.0
    weighted: float = 0.0


class CrmPipeline(models.Model):
    """What is open, late and out of standard in each pipeline."""

    _inherit = "crm.pipeline"

    open_lead_count = fields.Integer(
        string="Open Opportunities", compute="_compute_open_leads"
    )
    open_lead_revenue = fields.Monetary(
        string="Expected Revenue",
        currency_field="currency_id",
        compute="_compute_open_leads",
        help="Expected revenue of the open opportunities that you may see, in the "
        "currency of your company at today's rate.",
    )
    open_lead_weighted = fields.Monetary(
        string="Weighted Revenue",
        currency_field="currency_id",
        compute="_compute_open_leads",
        help="Expected revenue times probability.",
    )
    late_lead_count = fields.Integer(
        string="Late",
        compute="_compute_open_leads",
        help="Open opportunities whose expected closing date has passed.",
    )
    rotting_lead_count = fields.Integer(
        string="Out of Standard",
        compute="_compute_open_leads",
        help="Open opportunities that stay in their stage for longer than allowed.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context("uid", "company", "allowed_company_ids", "tz")
    def _compute_open_leads(self):
        """Count with the user's own rules: nobody counts what he may not see."""
        totals = {pipeline.id: PipelineTotals() for pipeline in self}
        today = fields.Date.context_today(self)
        currency = self.env.company.currency_id
        for (
            pipeline,
            company,
            status,
            count,
            revenue,
            weighted,
        ) in self._group_open_leads(
            ["pipeline_id", "company_id", "deal_status"],
            ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
        ):
            company = company or self.env.company
            rate = company.currency_id._get_conversion_rate(
                company.currency_id, currency, company, today
            )
            total = totals[pipeline.id]
            total.count += count
            total.late += count if status == "late" else 0
            total.revenue += revenue * rate
            total.weighted += weighted * rate
        for pipeline, count in self._group_open_leads(
            ["pipeline_id"], ["__count"], [("is_rotting", "=", True)]
        ):
            totals[pipeline.id].rotting = count
        for pipeline in self:
            total = totals.get(pipeline.id, PipelineTotals())
            pipeline.open_lead_count = total.count
            pipeline.open_lead_revenue = total.revenue
            pipeline.open_lead_weighted = total.weighted
            pipeline.late_lead_count = total.late
            pipeline.rotting_lead_count = total.rotting

    def _group_open_leads(self, groupby, aggregates, domain=()):
        """Group the open opportunities that the user may read; who has no access to
        opportunities can read a pipeline all the same."""
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        return leads._read_group(
            [*self._get_open_leads_domain(), *domain], groupby, aggregates
        )

    def _get_open_leads_domain(self):
        return [
            ("pipeline_id", "in", self.ids),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
        ]

    def action_open_leads(self):
        """Open the pipeline's kanban, with the search_default_… of the context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_lead_action_one_pipeline"
        )
        action["display_name"] = self.name
        filters = {
            key: value
            for key, value in self.env.context.items()
            if key.startswith("search_default_")
        }
        action["context"] = {
            "default_type": "opportunity",
            "searchpanel_default_pipeline_id": self.id,
            **filters,
        }
        return action
