from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# What was otherwise until last Monday: {opportunity: {field: value}}. A date is in days
# from today.
OTHERWISE = {
    "lead_turbine_blades": {"amount": 395000},
    "lead_camshafts": {"amount": 215000, "date_deadline": 20},
    "lead_watch_cases": {"date_deadline": 75},
    "lead_hydraulic_rods": {"date_deadline": 4},
    "lead_gear_cell": {"user_id": "user_claire"},
    "lead_dials": {"probability": 20},
}
# What is no more: (name, amount, what it was merged into).
GONE = (
    ("Grinder instead of a machine of 1998", 165000, "lead_grinder_replacement"),
    ("Brochure for a school", 4000, None),
)


class CrmForecastSnapshot(models.Model):
    """What changed last week in the demo data."""

    _inherit = "crm.forecast.snapshot"

    @api.model
    def _make_demo_changes(self):
        """Let some things have been otherwise in the last two snapshots."""
        self._complete_demo_weeks()
        today = fields.Date.today()
        latest = self.search([("date", "in", self._get_demo_weeks())])
        for name, values in OTHERWISE.items():
            values = dict(values)
            if "date_deadline" in values:
                values["date_deadline"] = today + timedelta(
                    days=values["date_deadline"]
                )
            if "user_id" in values:
                values["user_id"] = self._get_demo_record(values["user_id"]).id
            lead = self._get_demo_record(name)
            for snapshot in latest.filtered(lambda s, lead=lead: s.lead_id == lead):
                snapshot.write(values)
                snapshot.weighted_amount = snapshot.amount * snapshot.probability / 100
        self._make_demo_gone()

    @api.model
    def _make_demo_gone(self):
        """Record opportunities that were merged and deleted since."""
        model = self._get_demo_record("lead_grinder_replacement")
        for name, amount, survivor in GONE:
            [(number,)] = self.env.execute_query(
                SQL("SELECT nextval('crm_lead_id_seq')")
            )
            self.create(
                [
                    {
                        "date": week,
                        "lead_id": survivor and self._get_demo_record(survivor).id,
                        "former_lead_id": number,
                        "former_status": "pending",
                        "lead_name": name,
                        "partner_name": survivor and model.partner_id.display_name,
                        "amount": amount,
                        "weighted_amount": amount / 10,
                        "probability": 10,
                        "stage_id": model.stage_id.id,
                        "pipeline_id": model.pipeline_id.id,
                        "user_id": model.user_id.id,
                        "team_id": model.team_id.id,
                        "company_id": model.company_id.id,
                    }
                    for week in self._get_demo_weeks()
                ]
            )

    @api.model
    def _get_demo_weeks(self):
        """Return the last two Mondays before today."""
        yesterday = fields.Date.today() - timedelta(days=1)
        last = yesterday - timedelta(days=yesterday.weekday())
        return [last - timedelta(weeks=1), last]

    @api.model
    def _complete_demo_weeks(self):
        """Record what else was open on the last two Mondays, as it is today."""
        self.env["crm.lead"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_forecast_snapshot
                          (date, lead_id, amount, weighted_amount,
                           recurring_revenue_monthly, probability, date_deadline,
                           stage_id, pipeline_id, user_id, team_id, company_id,
                           currency_id)
                   SELECT week.date, lead.id, COALESCE(lead.expected_revenue, 0),
                          COALESCE(lead.prorated_revenue, 0), 0, lead.probability,
                          lead.date_deadline, lead.stage_id, lead.pipeline_id,
                          lead.user_id, lead.team_id, lead.company_id,
                          company.currency_id
                     FROM crm_lead AS lead
                     JOIN unnest(%s::date[]) AS week (date)
                       ON lead.date_start < week.date
                     JOIN res_company AS company
                       ON company.id = COALESCE(lead.company_id, %s)
                    WHERE lead.type = 'opportunity' AND %s
              ON CONFLICT (lead_id, date, COALESCE(former_lead_id, 0)) DO NOTHING""",
                self._get_demo_weeks(),
                self.env.company.id,
                self.env["crm.lead"]._get_open_sql("lead"),
            )
        )
        self.invalidate_model()
