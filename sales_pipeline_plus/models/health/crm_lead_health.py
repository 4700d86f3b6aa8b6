from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, Query

from .lamps import DEFAULTS, FIELD_OF, LAMPS, WEAK

STATES = (("weak", "Weak"), ("good", "Good"), ("unknown", "No data"))


class Health(NamedTuple):
    """The state of each lamp of a deal, and what its sentence tells.

    ``step_days`` is the number of days from today, below 0 when overdue; ``days`` those
    in the stage, ``usual_days`` the median of ``usual_count`` won deals, or None.
    """

    states: dict
    step_date: date | None
    step_days: int | None
    deciding: int
    contacts: int
    last_contact: date | None
    days: float
    usual_days: float | None
    usual_count: int | None
    is_answered: bool
    limits: dict


def _lamp(lamp, label, explanation):
    """Return the field of a lamp."""
    name = FIELD_OF[lamp]
    return fields.Selection(
        STATES,
        string=label,
        compute="_compute_health",
        search=lambda self, operator, value: self._search_ranked_state(
            name, operator, value
        ),
        compute_sql="_get_health_lamp_sql",
        help=explanation,
    )


class CrmLead(models.Model):
    """The health of an open opportunity: lamps that are good, weak or without data."""

    _inherit = "crm.lead"

    health_next_step = _lamp(
        "next_step",
        "Health: Next Step",
        "Good if the next action is planned within the days of the pipeline, weak if "
        "there is none, or only later, or one is overdue.",
    )
    health_decision_maker = _lamp(
        "decision_maker",
        "Health: Decision-Maker",
        "Good if one of the contacts has a role that decides.",
    )
    health_contacts = _lamp(
        "contacts", "Health: Contacts", "Good with two contacts or more."
    )
    health_last_contact = _lamp(
        "last_contact",
        "Health: Last Contact",
        "Good if there was an activity, a meeting, an e-mail or another message that "
        "is no internal note, within the days of the pipeline.",
    )
    health_pace = _lamp(
        "pace",
        "Health: Pace",
        "Weak if the opportunity has been in its stage for much longer than those that "
        "were won; the pipeline says how much. No data if too few were won.",
    )
    health_date = _lamp(
        "date",
        "Health: Expected Closing",
        "Weak if the expected closing date has passed, or was put off as often as the "
        "pipeline says.",
    )
    health_score = _lamp(
        "score",
        "Health: Qualification",
        "Weak if the qualification is below what the pipeline asks for. No data "
        "without an answer.",
    )
    health_weak_count = fields.Integer(
        "Weak Lamps",
        compute="_compute_health",
        search="_search_health_weak_count",
        compute_sql="_get_health_weak_count_sql",
        aggregator=None,
        help="How many lamps of the health of an open opportunity are weak.",
    )
    # The lamps with their sentences, for the card in the form, which tells of itself.
    health_lamps = fields.Json(compute="_compute_health_lamps", exportable=False)

    @api.model
    def _get_health_depends(self):
        return [
            "active",
            "calendar_event_ids.active",
            "calendar_event_ids.start",
            "contact_ids.role_ids",
            "date_deadline",
            "date_last_stage_update",
            "is_slip_unknown",
            "message_ids",
            "next_action_date",
            "next_action_state",
            "pipeline_id",
            "postponement_count",
            "qualification_score",
            "stage_id",
            "type",
            "won_status",
        ]

    @api.depends_context("allowed_company_ids", "tz", "uid")
    @api.depends(lambda self: self._get_health_depends())
    def _compute_health(self):
        found = self._get_health()
        for lead in self:
            health = found.get(lead._origin.id)
            for lamp, name in FIELD_OF.items():
                lead[name] = health and health.states[lamp]
            lead.health_weak_count = health and sum(
                state == WEAK for state in health.states.values()
            )

    @api.model
    def _search_health_weak_count(self, operator, value):
        if operator not in ("in", "not in", "<", ">", "<=", ">="):
            return NotImplemented
        return self._get_next_action_domain("health_weak_count", operator, value)

    def _get_health(self):
        """Return ``{lead id: Health}`` of the open opportunities among these."""
        ids = self._origin._ids
        if not ids:
            return {}
        query = Query(self.env, self._table, self._table_sql)
        table = query.table
        query.add_where(SQL("%s IN %s", SQL.identifier(table, "id"), ids))
        query.add_where(self._get_open_opportunity_sql(table, query))
        limits = tuple(DEFAULTS)
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(table, "id"),
                *(self._get_lamp_sql(lamp, table, query) for lamp in LAMPS),
                self._join_next_action(table, query, "date"),
                self._join_next_action(table, query, "days"),
                self._join_health_contacts(table, query, "deciding"),
                self._join_health_contacts(table, query, "count"),
                self._get_user_day_sql(self._join_last_contact(table, query)),
                self._get_stage_days_sql(table, query),
                self._join_usual_stay(table, query, "days"),
                self._join_usual_stay(table, query, "count"),
                self._get_is_answered_sql(table, query),
                *(self._get_health_limit_sql(name, table, query) for name in limits),
            )
        )
        return {
            lead_id: Health(
                dict(zip(LAMPS, values[: len(LAMPS)], strict=True)),
                *values[len(LAMPS) : -len(limits)],
                dict(zip(limits, values[-len(limits) :], strict=True)),
            )
            for lead_id, *values in rows
        }

    @api.model
    def _get_ranked_states(self):
        states = tuple(state for state, _label in STATES)
        lamps = dict.fromkeys(FIELD_OF.values(), states)
        return {**super()._get_ranked_states(), **lamps}
