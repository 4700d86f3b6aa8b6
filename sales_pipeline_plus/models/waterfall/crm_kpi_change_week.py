from odoo import api, fields, models
from odoo.tools import SQL


class CrmKpi(models.AbstractModel):
    """The weeks between which changes can be told."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_change_weeks(self):
        """Return the weeks of which the user's companies have snapshots.

        :return: dict with ``weeks``, Mondays such as "2026-11-23", the latest first;
            ``start``, the usual opening, or False; and ``next``, when snapshots are
            taken next, a moment in UTC, or False if the scheduled action is off
        """
        self.env["crm.lead"].check_access("read")
        weeks = self._get_change_weeks()
        job = self.env.ref(
            "sales_pipeline_plus.ir_cron_forecast_snapshot", raise_if_not_found=False
        )
        # When a job runs is no secret.
        job = job and job.sudo()
        start = self._get_usual_opening(weeks)
        return {
            "weeks": [fields.Date.to_string(week) for week in weeks],
            "start": start and fields.Date.to_string(start),
            "next": bool(job)
            and job.active
            and fields.Datetime.to_string(job.nextcall),
        }

    @api.model
    def _get_change_weeks(self):
        """Return the Mondays that have snapshots of the user's companies, the latest
        first, one look into the index for each."""
        self.env["crm.forecast.snapshot"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE week AS (
                       SELECT max(date) AS date FROM crm_forecast_snapshot
                        UNION ALL
                       SELECT (SELECT max(date) FROM crm_forecast_snapshot
                                WHERE date < week.date)
                         FROM week
                        WHERE week.date IS NOT NULL
                   )
                   SELECT date FROM week
                    WHERE date IS NOT NULL
                      AND EXISTS (SELECT FROM crm_forecast_snapshot AS snapshot
                                   WHERE snapshot.date = week.date AND %s)""",
                self._get_own_snapshots_sql(),
            )
        )
        return [week for [week] in rows]

    @api.model
    def _get_usual_opening(self, weeks, end=None):
        """Return the Monday before the end; before today it is last Monday, on a Monday
        that of a week ago, since a meeting speaks of the week that is over."""
        end = end or fields.Date.context_today(self)
        past = [week for week in weeks if week < end]
        return next(iter(past or weeks[-1:]), False)

    @api.model
    def _get_change_moment_sql(self, company, day):
        """Return the SQL of the moment at which a company's day begins, in UTC.

        :param company: SQL of the id of the company; the user's own one if NULL
        """
        companies = self.env.companies
        company_ids_of = {}
        for each in companies:
            company_ids_of.setdefault(each._get_midnight(day), []).append(each.id)
        usual = self.env.company._get_midnight(day)
        company_ids_of.pop(usual, None)
        cases = [
            SQL("WHEN %s IN %s THEN %s::timestamp", company, tuple(ids), moment)
            for moment, ids in company_ids_of.items()
        ]
        if not cases:
            return SQL("%s::timestamp", usual)
        return SQL("CASE %s ELSE %s::timestamp END", SQL(" ").join(cases), usual)

    @api.model
    def _get_first_moment(self, day):
        """Return the earliest moment at which the day begins for one of the companies;
        no index can be asked for a moment of each company."""
        return min(company._get_midnight(day) for company in self.env.companies)
