from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.arguments import searched_domain

BINS = [(str(number), f"{10 * number}-{10 * number + 10} %") for number in range(10)]


class CrmForecastCalibration(models.Model):
    """What probability was announced, and what came of it.

    One observation per closed opportunity and bin of ten percent that its weekly
    snapshots went through: the mean of its probabilities there. So a deal that stays
    for long at 30 % counts once, not once a week. Salesperson, team, pipeline and stage
    are those of its last snapshot in the bin. Only what the reader may see counts.
    """

    _name = "crm.forecast.calibration"
    _description = "Calibration of Probabilities"
    _auto = False
    _order = "bin, date_closed desc, id"
    _rec_name = "deal_name"
    _depends = {
        "crm.forecast.snapshot": [
            "company_id",
            "date",
            "former_date_closed",
            "former_lead_id",
            "former_status",
            "lead_id",
            "lead_name",
            "pipeline_id",
            "probability",
            "stage_id",
            "team_id",
            "user_id",
        ],
        "crm.lead": ["date_closed", "name", "type", "won_status"],
    }

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    deal_name = fields.Char("Opportunity Name", readonly=True)
    deal_number = fields.Integer(
        "Number of the Opportunity", readonly=True, aggregator="count_distinct"
    )
    bin = fields.Selection(BINS, string="Announced Between", readonly=True)
    announced = fields.Float(
        "Announced (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Mean of the opportunity's probabilities between these bounds.",
    )
    obtained = fields.Float(
        "Obtained (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="100 if it was won, 0 if it was lost: on average, the share that was won.",
    )
    brier_score = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
        help="Mean squared distance of the probability from what came (Brier, 1950): 0 "
        "is perfect, always saying 50 % gives 0.25.",
    )
    weeks = fields.Integer(
        readonly=True, help="Number of weekly snapshots between these bounds."
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost")], string="Result", readonly=True
    )
    date_closed = fields.Datetime("Closed Date", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        snapshots = self.env["crm.forecast.snapshot"]._search([])
        return SQL(
            """
    SELECT last.id,
           lead.id AS lead_id,
           seen.deal_number,
           COALESCE(lead.name, last.lead_name) AS deal_name,
           seen.bin::text AS bin,
           seen.announced,
           CASE WHEN COALESCE(lead.won_status, last.former_status) = 'won'
                THEN 100 ELSE 0 END AS obtained,
           power(seen.announced / 100
                 - CASE WHEN COALESCE(lead.won_status, last.former_status) = 'won'
                        THEN 1 ELSE 0 END, 2)
               AS brier_score,
           seen.weeks,
           COALESCE(lead.won_status, last.former_status) AS won_status,
           COALESCE(lead.date_closed, last.former_date_closed) AS date_closed,
           last.stage_id,
           last.pipeline_id,
           last.team_id,
           last.user_id,
           last.company_id
      FROM (SELECT COALESCE(crm_forecast_snapshot.lead_id,
                            crm_forecast_snapshot.former_lead_id) AS deal_number,
                   LEAST(9, floor(crm_forecast_snapshot.probability / 10))::integer
                       AS bin,
                   avg(crm_forecast_snapshot.probability) AS announced,
                   count(*) AS weeks,
                   (array_agg(crm_forecast_snapshot.id
                              ORDER BY crm_forecast_snapshot.date DESC,
                                       crm_forecast_snapshot.former_lead_id
                                           NULLS FIRST))[1] AS last_id
              FROM %(snapshot_from)s
         LEFT JOIN crm_lead AS closed
                ON closed.id = crm_forecast_snapshot.lead_id
             WHERE %(snapshot_where)s
               AND COALESCE(closed.type, 'opportunity') = 'opportunity'
               AND COALESCE(closed.won_status, crm_forecast_snapshot.former_status)
                   IN ('won', 'lost')
          GROUP BY 1, 2) AS seen
      JOIN crm_forecast_snapshot AS last ON last.id = seen.last_id
 LEFT JOIN crm_lead AS lead ON lead.id = last.lead_id""",
            snapshot_from=snapshots.from_clause,
            snapshot_where=snapshots.where_clause or SQL("TRUE"),
        )

    @api.model
    @api.readonly
    def get_calibration(self, domain):
        """Return what the calibration picture shows.

        :return: dict with ``bins``: ten dicts of ``bin``, ``label``, ``announced`` and
            ``obtained`` (percentages, None without data) and ``count``; with the
            ``brier_score`` (None without data) and ``count``, how many opportunities
        """
        measures = ["announced:avg", "obtained:avg", "__count"]
        with searched_domain(self, domain) as domain:
            groups = self._read_group(domain, ["bin"], measures)
            [(brier_score, count)] = self._read_group(
                domain, [], ["brier_score:avg", "deal_number:count_distinct"]
            )
        found = {key: values for key, *values in groups}
        bins = []
        for key, label in BINS:
            announced, obtained, number = found.get(key, (None, None, 0))
            bins.append(
                {
                    "bin": key,
                    "label": label,
                    "announced": announced,
                    "obtained": obtained,
                    "count": number,
                }
            )
        return {
            "bins": bins,
            "brier_score": brier_score if found else None,
            "count": count,
        }
