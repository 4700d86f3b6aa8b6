from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.arguments import check_choice, check_day, check_id, refuse
from ...tools.record_views import get_record_views

RECORDS = ("open", "due", "won", "past", "past_won", "last_year")


class CrmKpi(models.AbstractModel):
    """The records behind each number of the outlook."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def open_outlook_records(
        self, code, filters=None, pipeline_id=None, stage_id=None, weeks=None
    ):
        """Return the action that opens the records behind a number.

        :param str code: open; due (of these, with an expected closing by the end of the
            period); won (so far in the period); past (snapshots that are learned from);
            past_won (of these, won within as many days); last_year
        :param filters: as for :meth:`get_outlook`
        :param pipeline_id, stage_id: of a stage, False for none; None for all. Only for
            open, past and past_won
        :param weeks: of past, the first days of some windows; None for all
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        check_choice(self.env, "code", code, self._get_outlook_record_codes())
        question = self._read_outlook_filters(filters)
        of_stage = self._read_outlook_stage(pipeline_id, stage_id)
        action = self._open_outlook(code, question, filters, of_stage)
        action["context"].update(self._get_credit_context(question.deals))
        if weeks is not None and code == "past":
            days = self._read_outlook_weeks(weeks)
            action["domain"] = list(
                Domain(action["domain"]) & Domain("date", "in", days)
            )
            # One group for each forecast
            action["context"]["group_by"] = "date:day"
        return action

    @api.model
    def _get_outlook_record_codes(self):
        """Return the codes of what opens."""
        return RECORDS

    @api.model
    def _open_outlook(self, code, question, filters, of_stage):
        """Return the action of a code."""
        if code == "won":
            won = self._get_outlook_won_filters(question, filters)
            return self.open_records("won_amount", won)
        if code in ("past", "past_won"):
            domain = self._get_outlook_facts(question)
            if code == "past_won":
                domain &= self._get_outlook_won_domain(question)
            return self._open_outlook_list(
                "crm.forecast.snapshot",
                domain & of_stage,
                self.env._("Won within %s days", question.days)
                if code == "past_won"
                else self.env._("Open in the Past"),
            )
        if code == "last_year":
            domain = self._get_outlook_year_domain(question)
            name = self.env._("Won a Year Ago in as Many Days")
        else:
            domain = self._get_outlook_deals(question, "any") & of_stage
            name = self.env._("Open Now")
        if code == "due":
            end = fields.Date.to_string(question.period.end)
            domain &= Domain("date_deadline", "<", end)
            name = self.env._("Open, to Be Decided in the Period")
        return self._open_outlook_list("crm.lead", domain, name)

    @api.model
    def _read_outlook_stage(self, pipeline_id, stage_id):
        """Return the domain of a stage of a pipeline."""
        domain = Domain.TRUE
        for name, value in (("pipeline_id", pipeline_id), ("stage_id", stage_id)):
            if value is not None:
                domain &= Domain(name, "=", check_id(self.env, name, value))
        return domain

    @api.model
    def _read_outlook_weeks(self, weeks):
        """Return the days as texts."""
        if not isinstance(weeks, list | tuple):
            refuse(self.env, "weeks", weeks, self.env._("a list of days"))
        return [
            fields.Date.to_string(check_day(self.env, "weeks", day)) for day in weeks
        ]

    @api.model
    def _get_outlook_won_domain(self, question):
        """Return the domain of the snapshots whose deal was won in their window."""
        domain = Domain.FALSE
        for week in question.weeks:
            moment = self._get_moment(question.get_until(week))
            moment = fields.Datetime.to_string(moment)
            here = Domain("won_status", "=", "won") & Domain("date_closed", "<", moment)
            gone = Domain("former_status", "=", "won") & Domain(
                "former_date_closed", "<", moment
            )
            domain |= Domain("date", "=", fields.Date.to_string(week)) & (
                Domain("lead_id", "any", here) | (Domain("lead_id", "=", False) & gone)
            )
        return domain

    @api.model
    def _open_outlook_list(self, model, domain, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": [[False, "list"], [False, "pivot"]]
            if model == "crm.forecast.snapshot"
            else get_record_views(self.env, model),
            "mobile_view_mode": "kanban",
            "context": {"active_test": False, "create": False},
            "target": "current",
        }
