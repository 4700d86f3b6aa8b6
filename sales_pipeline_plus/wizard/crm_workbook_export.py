from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_ids


class CrmWorkbookExport(models.TransientModel):
    """Asks what a workbook is to be about."""

    _name = "crm.workbook.export"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Export a Workbook"

    preset = fields.Selection(
        [
            ("this_month", "Month to date"),
            ("last_month", "Last month"),
            ("this_quarter", "Quarter to date"),
            ("last_quarter", "Last quarter"),
            ("this_year", "Year to date"),
            ("last_year", "Last year"),
            ("custom", "Other dates"),
        ],
        string="Period",
        default="last_month",
        required=True,
    )
    date_start = fields.Date("From")
    date_end = fields.Date("To")
    comparison = fields.Selection(
        [
            ("previous", "The period before"),
            ("last_year", "The same period a year ago"),
            ("none", "Nothing"),
        ],
        string="Compare With",
        default="previous",
        required=True,
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    user_ids = fields.Many2many(
        "res.users", string="Salespeople", domain="[('share', '=', False)]"
    )
    pipeline_ids = fields.Many2many("crm.pipeline", string="Pipelines")
    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    lead_count = fields.Integer("Chosen Opportunities", compute="_compute_lead_count")

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for export in self:
            export.lead_count = len(export.lead_ids)

    @api.model
    def default_get(self, fields_list):
        """Take the opportunities that are selected in a list."""
        values = super().default_get(fields_list)
        context = self.env.context
        if "lead_ids" in fields_list and context.get("active_model") == "crm.lead":
            values["lead_ids"] = [Command.set(get_context_ids(self.env, "active_ids"))]
        return values

    def action_export(self):
        """Make the workbook.

        :raise UserError: if the dates are missing
        """
        check_records(self)
        self.ensure_one()
        return self.env["crm.workbook"].action_export(self._get_filters())

    def _get_filters(self):
        self.ensure_one()
        period = self.preset
        if period == "custom":
            if not (self.date_start and self.date_end):
                raise UserError(
                    self.env._("Give the first and the last day of the period.")
                )
            period = {
                "start": fields.Date.to_string(self.date_start),
                "end": fields.Date.to_string(self.date_end),
            }
        return {
            "period": period,
            "comparison": self.comparison,
            "team_ids": self.team_ids.ids,
            "user_ids": self.user_ids.ids,
            "pipeline_ids": self.pipeline_ids.ids,
            "lead_ids": self.lead_ids.ids,
        }
