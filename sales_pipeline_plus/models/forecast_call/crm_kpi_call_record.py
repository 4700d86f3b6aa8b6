from odoo import api, fields, models
from odoo.fields import Domain

CODES = ("commit", "best_case", "calls", "past_calls")


class CrmKpi(models.AbstractModel):
    """The calls and the opportunities behind the numbers of the outlook."""

    _inherit = "crm.kpi"

    @api.model
    def _get_called_deals(self, question, category):
        """Return the domain of the open opportunities of a category that are to be
        decided in the period, late ones included."""
        end = fields.Date.to_string(question.period.end)
        return (
            self._get_outlook_deals(question)
            & Domain("date_deadline", "<", end)
            & Domain("forecast_category", "=", category)
        )

    @api.model
    def _get_outlook_record_codes(self):
        return (*super()._get_outlook_record_codes(), *CODES)

    @api.model
    def _open_outlook(self, code, question, filters, of_stage):
        """commit, best_case: opportunities; calls: those that hold for the period;
        past_calls: those that are held against what came."""
        if code in ("commit", "best_case"):
            leads = self.env["crm.lead"]
            labels = leads.fields_get(["forecast_category"], ["selection"])
            return self._open_outlook_list(
                "crm.lead",
                self._get_called_deals(question, code) & of_stage,
                dict(labels["forecast_category"]["selection"])[code],
            )
        if code in ("calls", "past_calls"):
            calls = self._get_calls(question, filters)
            if code == "calls":
                holding = self._get_holding_calls(question, calls)
            else:
                tried = self._get_tried_calls(question, calls)
                holding = [call for *_days, each in tried for call in each]
            return self._open_outlook_list(
                "crm.forecast.call",
                Domain("id", "in", [call.rank for call in holding]),
                self.env._("Forecast Calls"),
            )
        return super()._open_outlook(code, question, filters, of_stage)
