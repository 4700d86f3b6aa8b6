from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .stays import get_mondays, get_states


class CrmLeadChange(models.Model):
    """Rebuilds the weekly snapshots of opportunities, as they were on Mondays."""

    _inherit = "crm.lead.change"

    @api.model
    def _rebuild_snapshots(self, leads, changes, stays, use_stage_probability):
        """Write a snapshot for each Monday on which a history knows an open lead.

        Where it does not know the amount there is none. A snapshot that Odoo has taken
        itself stays.

        :param changes: {lead id: changes in order}
        :param stays: {lead id: stays}
        """
        self.env["crm.forecast.snapshot"].flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_forecast_snapshot WHERE is_from_history "
                "AND lead_id IN %s AND former_lead_id IS NULL",
                leads._ids,
            )
        )
        won = self.env["crm.stage"].sudo().search([("is_won", "=", True)])
        rows = []
        for lead in leads.filtered(lambda lead: lead.id in stays):
            open_stays = [stay for stay in stays[lead.id] if stay.stage not in won._ids]
            rows += self._prepare_snapshots(
                lead, changes[lead.id], open_stays, use_stage_probability
            )
        if rows:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO crm_forecast_snapshot
                              (date, lead_id, amount, weighted_amount, probability,
                               date_deadline, stage_id, pipeline_id, user_id, team_id,
                               company_id, currency_id, is_from_history)
                       VALUES %s
                  ON CONFLICT DO NOTHING""",
                    SQL(", ").join(SQL("%s", row) for row in rows),
                )
            )
        self.env["crm.forecast.snapshot"].invalidate_model()

    @api.model
    def _prepare_snapshots(self, lead, changes, stays, use_stage_probability):
        """Return the rows of the weeks in which an opportunity was open."""
        if not stays:
            return []
        company = lead.company_id or self.env.company
        zone = ZoneInfo(company._get_time_zone().zone)
        start = stays[0].start.date()
        if months := self.env["crm.forecast.snapshot"]._get_retention_months():
            start = max(start, fields.Date.today() - relativedelta(months=months))
        mondays = {
            datetime.combine(day, time.min, zone)
            .astimezone(UTC)
            .replace(tzinfo=None): day
            for day in get_mondays(start, lead.create_date.date())
        }
        layout = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layout.get(lead.pipeline_id.id)
        rows = []
        for moment, stage_id, facts in get_states(changes, stays, list(mondays)):
            amount, probability = facts["amount"], facts["probability"]
            line = layout and layout.get_line(stage_id)
            if probability is None and use_stage_probability and line:
                probability = line.probability
            if amount is None or probability is None:
                continue
            rows.append(
                (
                    mondays[moment],
                    lead.id,
                    amount,
                    company.currency_id.round(amount * probability / 100),
                    probability,
                    facts["deadline"],
                    stage_id,
                    lead.pipeline_id.id or None,
                    lead.user_id.id or None,
                    lead.team_id.id or None,
                    lead.company_id.id or None,
                    company.currency_id.id,
                    True,
                )
            )
        return rows
