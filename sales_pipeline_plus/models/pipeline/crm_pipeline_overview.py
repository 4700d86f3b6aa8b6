from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arguments import check_records


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
        totals = self._get_open_totals()
        for pipeline in self:
            count, late, rotting, revenue, weighted = totals.get(pipeline.id, [0] * 5)
            pipeline.open_lead_count = count
            pipeline.late_lead_count = late
            pipeline.rotting_lead_count = rotting
            pipeline.open_lead_revenue = revenue
            pipeline.open_lead_weighted = weighted

    def _get_open_totals(self):
        """Return {pipeline id: [number of open opportunities, of late ones, of those
        out of standard, revenue, weighted revenue]}.

        Who has no access to opportunities can read a pipeline all the same.
        """
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return {}
        query = leads._search(self._get_open_leads_domain())
        conversion = self.env.company._get_conversion(self.env.companies)
        today = fields.Date.context_today(self)

        def to_sql(field_name):
            return leads._field_to_sql(query.table, field_name, query)

        def to_sum(field_name):
            amount = conversion.get_sql(
                to_sql(field_name), to_sql("company_id"), SQL("%s::date", today)
            )
            return SQL("COALESCE(sum(%s), 0)", amount)

        columns = [
            to_sql("pipeline_id"),
            SQL("count(*)"),
            SQL("count(*) FILTER (WHERE %s)", leads._get_late_sql(query.table, query)),
            SQL(
                "count(*) FILTER (WHERE %s)",
                leads._get_over_limit_sql(query.table, query),
            ),
            to_sum("expected_revenue"),
            to_sum("prorated_revenue"),
        ]
        query.groupby = SQL("1")
        rows = self.env.execute_query(query.select(*columns))
        return {pipeline_id: totals for pipeline_id, *totals in rows}

    def _group_open_leads(self, groupby, aggregates):
        """Group the open opportunities that the user may read."""
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        return leads._read_group(self._get_open_leads_domain(), groupby, aggregates)

    def _get_open_leads_domain(self):
        return (
            Domain("pipeline_id", "in", self.ids)
            & Domain("type", "=", "opportunity")
            & self.env["crm.lead"]._get_open_domain()
        )

    def action_open_leads(self):
        """Open the pipeline's kanban, with the search_default_… of the context."""
        check_records(self)
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
