from odoo import api, models
from odoo.tools import SQL


class CrmForecastSnapshot(models.Model):
    """Of which weeks the snapshots tell something."""

    _inherit = "crm.forecast.snapshot"

    @api.model
    def _get_known_weeks_sql(self):
        """Return the SQL of the rows (date, company_id) of the weeks of which something
        is known of a company, 0 for none.

        It has snapshots; or the job, which has taken some of it before, took those of
        others only: then nothing was open.
        """
        return SQL(
            """WITH taken AS (
                   SELECT date, COALESCE(company_id, 0) AS company_id,
                          bool_or(is_from_history IS NOT TRUE) AS is_by_job
                     FROM crm_forecast_snapshot
                 GROUP BY 1, 2
               )
               SELECT date, company_id
                 FROM taken
                UNION
               SELECT week.date, job.company_id
                 FROM taken AS week
                 JOIN (SELECT company_id, min(date) AS date
                         FROM taken
                        WHERE is_by_job
                     GROUP BY company_id) AS job
                   ON job.date <= week.date
                WHERE week.is_by_job"""
        )
