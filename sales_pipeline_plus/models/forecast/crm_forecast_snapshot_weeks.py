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
        others only: then nothing was open. Week by week and company by company, the
        next one is looked up in the index, whatever the number of snapshots.
        """
        return SQL(
            """WITH RECURSIVE pair AS (
                   (SELECT date, company_id
                      FROM crm_forecast_snapshot
                  ORDER BY date, company_id
                     LIMIT 1)
                    UNION ALL
                   SELECT following.date, following.company_id
                     FROM pair,
                          LATERAL (
                            (SELECT 1 AS rank, date, company_id
                               FROM crm_forecast_snapshot
                              WHERE date = pair.date
                                AND company_id > pair.company_id
                           ORDER BY company_id
                              LIMIT 1)
                              UNION ALL
                            (SELECT 2, date, company_id
                               FROM crm_forecast_snapshot
                              WHERE date = pair.date
                                AND company_id IS NULL
                                AND pair.company_id IS NOT NULL
                              LIMIT 1)
                              UNION ALL
                            (SELECT 3, date, company_id
                               FROM crm_forecast_snapshot
                              WHERE date > pair.date
                           ORDER BY date, company_id
                              LIMIT 1)
                           ORDER BY rank
                              LIMIT 1) AS following
               ), taken AS (
                   SELECT date, COALESCE(company_id, 0) AS company_id,
                          CASE WHEN company_id IS NULL
                               THEN EXISTS (SELECT FROM crm_forecast_snapshot AS each
                                             WHERE each.date = pair.date
                                               AND each.company_id IS NULL
                                               AND each.is_from_history IS NOT TRUE)
                               ELSE EXISTS (SELECT FROM crm_forecast_snapshot AS each
                                             WHERE each.date = pair.date
                                               AND each.company_id = pair.company_id
                                               AND each.is_from_history IS NOT TRUE)
                          END AS is_by_job
                     FROM pair
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
