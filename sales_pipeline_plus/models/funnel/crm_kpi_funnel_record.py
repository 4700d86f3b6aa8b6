import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...kpi.catalogue.funnel import FUNNEL
from ...kpi.cohort import LENGTH, get_end
from ...kpi.funnel import AWAY, LOST
from ...tools.arguments import check_choice, check_day, check_id, refuse
from ...tools.record_views import get_record_views
from .crm_kpi_funnel import UNKNOWN

NUMBERS = {number.code: number for number in FUNNEL}


class CrmKpi(models.AbstractModel):
    """The deals behind each number of the funnel and of the cohorts: those that the
    same statement counts, see ``funnel_number`` of the opportunity."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def open_funnel(self, code, filters=None, pipeline_id=None, stage_id=None):
        """Return the action that opens the deals of a number of the funnel: the
        opportunities, or their last stays if some of them are no more.

        :param str code: that of a number; or unknown
        :param filters: as for :meth:`get_funnel`
        :param int pipeline_id: the pipeline
        :param stage_id: the stage; none for the won deals, and for unknown
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        action = self._prepare_deals_action(
            "funnel", [code, filters, pipeline_id, stage_id], filters
        )
        if code == UNKNOWN:
            name = self.env._("Way Unknown")
        elif not stage_id:
            name = self.env._("Won")
        else:
            name = self.env._(
                "%(stage)s: %(number)s",
                stage=self.env["crm.stage"].browse(stage_id).name,
                number=self.env._(NUMBERS[code].label),
            )
        return {**action, "name": name}

    @api.model
    @api.readonly
    def open_cohort(self, start, after=None, filters=None):
        """Return the action that opens the deals of a cohort: the opportunities, or
        their last stays if some of them are no more.

        :param start: the first day of the month of creation
        :param after: the number of months after it by whose end they were won; None for
            all that were created
        :param filters: as for :meth:`get_cohorts`
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        action = self._prepare_deals_action("cohort", [start, after, filters], filters)
        month = fields.Date.to_date(start)
        name = self.env._("Created in %s", self._format_month(month))
        if type(after) is int:
            end = month + relativedelta(months=after)
            name = self.env._(
                "%(created)s, won by the end of %(month)s",
                created=name,
                month=self._format_month(end),
            )
        return {**action, "name": name}

    @api.model
    def _format_month(self, month):
        return format_date(self.env, month, date_format="MMMM yyyy")

    @api.model
    def _prepare_deals_action(self, kind, question, filters=None):
        """Return the action that opens the deals behind a number.

        :param kind, question: see :meth:`_get_behind_sql`
        :param filters: those of the question, as far as it has any
        """
        _period, _comparison, deals = self._read_filters(filters)
        [[is_any_gone]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM (%s) AS behind WHERE lead_id IS NULL)",
                self._get_gone_behind_sql(kind, question),
            )
        )
        value = json.dumps([kind, *question], default=str)
        model_name = "crm.lead.passage" if is_any_gone else "crm.lead"
        return {
            "type": "ir.actions.act_window",
            "res_model": model_name,
            "domain": [("funnel_number", "=", value)],
            "views": get_record_views(self.env, model_name),
            "mobile_view_mode": "kanban",
            "context": {
                "active_test": False,
                "create": False,
                **self._get_credit_context(deals),
            },
            "target": "current",
        }

    # ------------------------------------------------------------
    # What is behind
    # ------------------------------------------------------------

    @api.model
    def _get_behind_kinds(self):
        """Return {kind of a question: number of its arguments}: a hook for more."""
        return {"funnel": 4, "cohort": 3}

    @api.model
    def _get_behind_sql(self, kind, question):
        """Return the SQL of the deals behind a number: ``lead_id``, NULL of one that is
        no more, and ``stay_id``, its last stay, which may be NULL of one that is there.

        :param kind: see :meth:`_get_behind_kinds`
        :param question: list of the arguments of :meth:`open_funnel` or
            :meth:`open_cohort`
        :raise UserError: if the question is not understood
        """
        if kind == "cohort":
            return self._get_cohort_behind_sql(*question)
        return self._get_funnel_behind_sql(*question)

    @api.model
    def _get_gone_behind_sql(self, kind, question):
        """Return the SQL of the deals behind a number that are no more, as
        :meth:`_get_behind_sql`; it may have others, too."""
        if kind == "funnel":
            return self._get_funnel_behind_sql(*question, is_gone=True)
        return self._get_behind_sql(kind, question)

    @api.model
    def _get_funnel_behind_sql(
        self, code, filters, pipeline_id, stage_id, is_gone=False
    ):
        check_choice(self.env, "code", code, (*NUMBERS, UNKNOWN))
        pipeline_id = check_id(self.env, "pipeline_id", pipeline_id)
        stage_id = check_id(self.env, "stage_id", stage_id)
        period, deals, pipelines = self._read_funnel_filters(filters)
        pipeline = pipelines.filtered(lambda each: each.id == pipeline_id)
        if not pipeline:
            refuse(self.env, "pipeline_id", pipeline_id, self.env._("a pipeline"))
        places = self._get_funnel_places(pipeline)
        stage_ids = places[pipeline_id]
        if stage_id and stage_id not in stage_ids:
            expected = self.env._("a stage of the pipeline")
            refuse(self.env, "stage_id", stage_id, expected)
        return SQL(
            "%s SELECT lead_id, last_id AS stay_id FROM deal WHERE %s",
            self._get_funnel_sql(
                places,
                period,
                deals,
                spent_in=stage_id if code == "days" else None,
                is_gone=is_gone,
            ),
            self._get_funnel_part_sql(code, stage_ids, stage_id),
        )

    @api.model
    def _get_funnel_part_sql(self, code, stage_ids, stage_id):
        """Return the SQL condition of the deals of a number: ``is_part`` in SQL.

        Behind the drop-off are those who dropped off, behind the days those who spent
        them.
        """
        if code == UNKNOWN:
            return SQL("furthest IS NULL")
        if not stage_id:
            return SQL("furthest IS NOT NULL AND result = 'won'")
        rank = stage_ids.index(stage_id) + 1
        if code in ("entered", "moved_on"):
            return SQL(
                "furthest IS NOT NULL AND (result = 'won' OR furthest >= %s)",
                rank + (code == "moved_on"),
            )
        if code == "days":
            return SQL("furthest IS NOT NULL AND is_spent")
        results = (LOST, AWAY) if code == "drop_off" else (code,)
        return SQL("furthest = %s AND result = ANY(%s)", rank, list(results))

    @api.model
    def _get_cohort_behind_sql(self, start, after, filters):
        month = check_day(self.env, "start", start)
        if month.day != 1:
            refuse(self.env, "start", start, self.env._("the first day of a month"))
        is_number = type(after) is int and 0 <= after < LENGTH
        if after is not None and after is not False and not is_number:
            expected = self.env._("a number of months from 0 to %s", LENGTH - 1)
            refuse(self.env, "after", after, expected)
        _period, _comparison, deals = self._read_filters(filters)
        return SQL(
            "%s SELECT lead_id, stay_id FROM deal WHERE %s",
            self._get_cohort_sql(month, get_end(month, 0), deals),
            SQL("after <= %s", after) if is_number else SQL("TRUE"),
        )
