from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arguments import check_id, refuse

CODES = ("commit", "best_case", "calls", "past_calls")


class CrmKpi(models.AbstractModel):
    """The calls and the opportunities behind the numbers of the outlook."""

    _inherit = "crm.kpi"

    @api.model
    def _get_called_deals(self, question, category, operator="any!"):
        """Return the domain of the open opportunities of a category that are to be
        decided in the period, late ones included.

        :param operator: see :meth:`_get_credited_domain`
        """
        end = fields.Date.to_string(question.period.end)
        return (
            self._get_outlook_deals(question, operator)
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
                self._get_called_deals(question, code, "any") & of_stage,
                dict(labels["forecast_category"]["selection"])[code],
            )
        if code in ("calls", "past_calls"):
            calls = self._get_calls(question, filters)
            if code == "calls":
                holding = self._get_holding_calls(question, calls)
            else:
                tried = self._get_tried_calls(question, calls)
                holding = [call for *_days, each in tried for call in each]
            action = self._open_outlook_list(
                "crm.forecast.call",
                Domain("id", "in", [call.rank for call in holding]),
                self.env._("Forecast Calls"),
            )
            if code == "past_calls":
                # One group for each forecast
                action["context"]["group_by"] = "date_start:month"
            return action
        return super()._open_outlook(code, question, filters, of_stage)

    # ------------------------------------------------------------
    # What a call is held against
    # ------------------------------------------------------------

    @api.model
    def _get_behind_kinds(self):
        return {**super()._get_behind_kinds(), "call": 1}

    @api.model
    def _get_behind_sql(self, kind, question):
        if kind == "call":
            return self._get_call_behind_sql(*question)
        return super()._get_behind_sql(kind, question)

    @api.model
    def _get_call_behind_sql(self, call_id):
        """Return the SQL of what was won of a call's period.

        :raise UserError: if it is no call of a period that is over, or not for the user
        """
        call_id = check_id(self.env, "call_id", call_id)
        row = self.env["crm.forecast.call.reliability"].search([("id", "=", call_id)])
        if not row:
            expected = self.env._("a forecast call of a period that is over")
            refuse(self.env, "call_id", call_id, expected)
        name = "team_id" if row.scope == "team" else "user_id"
        start, end = (
            row.call_id.date_start,
            fields.Date.add(row.call_id.date_end, days=1),
        )
        return SQL(
            """SELECT DISTINCT lead_id, stay_id
                 FROM (%s) AS won
                WHERE company_id = %s AND %s = %s AND closed >= %s AND closed < %s""",
            self._get_won_parts_sql(),
            row.company_id.id,
            SQL.identifier(name),
            row[name].id,
            self._get_moment(start),
            self._get_moment(end),
        )
