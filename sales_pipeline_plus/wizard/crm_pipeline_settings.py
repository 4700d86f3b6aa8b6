from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.arguments import check_records


class CrmPipelineSettings(models.TransientModel):
    """The settings of the pipelines and their figures, for sales managers.

    Odoo's own settings are for who administers the database. These are the same ones,
    without the others; both read and write the same places.
    """

    _name = "crm.pipeline.settings"
    _inherit = ["crm.dialog.mixin"]
    _description = "Pipeline Settings"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sales_hourly_cost = fields.Monetary(string="Hourly Cost of Sales")
    neglected_deals_frequency = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["neglected_deals_frequency"]
            ._description_selection(self.env)
        ),
        string="Mail About Neglected Opportunities",
        required=True,
    )
    workbook_days = fields.Integer("Days of Workbooks")
    forecast_snapshot_months = fields.Integer("Months of Forecast Snapshots")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        company = self.env.company.sudo()
        values.update({name: company[name] for name in self._get_company_fields()})
        values["workbook_days"] = self.env["crm.workbook"]._get_days()
        snapshots = self.env["crm.forecast.snapshot"]
        values["forecast_snapshot_months"] = snapshots._get_retention_months()
        return {name: value for name, value in values.items() if name in fields}

    @api.depends("company_id")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self._description

    @api.model
    def _get_company_fields(self):
        """Return the names of the fields that the company keeps; to be extended."""
        return ["neglected_deals_frequency", "sales_hourly_cost"]

    @api.constrains("forecast_snapshot_months", "sales_hourly_cost", "workbook_days")
    def _check_amounts(self):
        for settings in self:
            if settings.sales_hourly_cost < 0:
                raise ValidationError(
                    self.env._("The hourly cost of sales cannot be below zero.")
                )
            self.env["crm.workbook"]._check_days(settings.workbook_days)
            self.env["crm.forecast.snapshot"]._check_retention_months(
                settings.forecast_snapshot_months
            )

    def action_save(self):
        """Keep the settings.

        :raise AccessError: for who is no sales manager
        """
        check_records(self)
        self.ensure_one()
        self.env["crm.pipeline"].check_access("write")
        company = self.env.company.sudo()
        company.write(
            {
                name: self[name]
                for name in self._get_company_fields()
                if self[name] != company[name]
            }
        )
        self.env["crm.workbook"]._set_days(self.workbook_days)
        self.env["crm.forecast.snapshot"]._set_retention_months(
            self.forecast_snapshot_months
        )
        return {"type": "ir.actions.client", "tag": "reload"}
