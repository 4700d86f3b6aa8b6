from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = ("missing", "overdue", "today", "planned")


class NextAction(NamedTuple):
    """What is to be done next for a deal: an activity, or a meeting of the deal.

    ``state`` is that of the most urgent action, the rest that of the earliest one.
    """

    date: date
    state: str
    model: str
    res_id: int


class CrmLead(models.Model):
    """The next action of a deal: its planned activities and its meetings to come.

    - An activity is overdue, due today or planned by the day of its responsible (UTC
      without one), as Odoo shows it in the chatter and on the activity itself.
    - A meeting counts until it ends and is never overdue. Its day is that of the user
      who looks, as in the calendar; the day of one that has begun is today.
    - Whoever sees a deal sees its next action, whoever is to do it: access to the
      activities and meetings themselves is not asked, so what is shown, searched and
      grouped agrees. The text of another person's private meeting is not shown.
    - An activity of someone who cannot do it is none: see ``crm.lead`` in
      ``crm_lead_next_action_user.py``. What is asked within the house is none either:
      see ``_get_types_within_house`` of ``mail.activity.type``.
    - A deal that is won, lost, archived, on hold, not saved yet or still a lead has
      none.
    """

    _inherit = "crm.lead"

    next_action_state = fields.Selection(
        [
            ("missing", "No next action"),
            ("overdue", "Overdue"),
            ("today", "Today"),
            ("planned", "Planned"),
        ],
        compute="_compute_next_action",
        search="_search_next_action_state",
        compute_sql="_get_next_action_state_sql",
        group_expand=True,
        help="Of open opportunities, by the most urgent of their planned activities "
        "and meetings to come.",
    )
    next_action_date = fields.Date(
        compute="_compute_next_action",
        search="_search_next_action_date",
        compute_sql="_get_next_action_date_sql",
        help="The day of the earliest planned activity or meeting to come.",
    )
    next_action_summary = fields.Char(
        string="Next Action", compute="_compute_next_action"
    )

    @api.depends_context("lang", "tz", "uid")
    @api.depends(
        "active",
        "type",
        "won_status",
        "activity_ids.active",
        "activity_ids.activity_type_id",
        "activity_ids.date_deadline",
        "activity_ids.summary",
        "activity_ids.user_id.active",
        "activity_ids.user_id.company_ids",
        "activity_ids.user_id.group_ids",
        "activity_ids.user_id.tz",
        "calendar_event_ids.active",
        "calendar_event_ids.allday",
        "calendar_event_ids.name",
        "calendar_event_ids.privacy",
        "calendar_event_ids.start",
        "calendar_event_ids.stop",
        "company_id",
        "date_hold",
        "user_id",
    )
    def _compute_next_action(self):
        open_deals = self.filtered(
            lambda lead: lead._origin and lead.type == "opportunity" and lead._is_open()
        )
        actions = open_deals._get_next_actions()
        summaries = self._get_next_action_summaries(actions)
        types = self._get_next_action_types(actions)
        for lead in self:
            action = actions.get(lead._origin.id)
            lead.next_action_date = action and action.date
            lead.next_action_summary = summaries.get(lead._origin.id, False)
            lead.next_action_type_id = types.get(lead._origin.id)
            if action:
                lead.next_action_state = action.state
            else:
                lead.next_action_state = "missing" if lead in open_deals else False

    def _get_next_actions(self):
        """Return ``{lead id: NextAction}`` of the leads that have one, open or not."""
        if not self._origin:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (lead_id) lead_id, date, model, id,
                          min(days) OVER (PARTITION BY lead_id)
                     FROM (%s) AS action
                    WHERE lead_id IN %s
                 ORDER BY lead_id, date, model DESC, id""",
                self._get_next_actions_sql(),
                tuple(self._origin.ids),
            )
        )
        return {
            lead_id: NextAction(
                day,
                "overdue" if days < 0 else "planned" if days else "today",
                model,
                res_id,
            )
            for lead_id, day, model, res_id, days in rows
        }

    def _get_next_action_summaries(self, actions):
        """Return ``{lead id: text}`` for the given ``{lead id: NextAction}``."""
        records = {}
        for model in ("mail.activity", "calendar.event"):
            ids = [
                action.res_id for action in actions.values() if action.model == model
            ]
            # The activities of a deal are for all who see the deal; meetings are read
            # as the user, so that Odoo masks the private ones.
            source = self.env[model].sudo(model == "mail.activity" or self.env.su)
            records.update(
                {(model, record.id): record for record in source.browse(ids)}
            )
        return {
            lead_id: records[action.model, action.res_id].display_name
            for lead_id, action in actions.items()
        }

    @api.model
    def _search_next_action_state(self, operator, value):
        return self._search_ranked_state("next_action_state", operator, value)

    @api.model
    def _search_ranked_state(self, field_name, operator, value):
        """Search a state that deals that are not open do not have."""
        labels = dict(self._fields[field_name]._description_selection(self.env))
        if operator in ("in", "not in"):
            wanted = {state or False for state in value}
        elif operator.endswith("like"):
            # By the label that the user reads.
            text = (value or "").replace("%", "").lower()
            wanted = {state for state in labels if text in labels[state].lower()}
        else:
            return NotImplemented
        if operator.startswith("not"):
            wanted = {*labels, False} - wanted
        return self._get_next_action_domain(field_name, "in", wanted)

    @api.model
    def _search_next_action_date(self, operator, value):
        if operator not in ("in", "not in", "<", ">", "<=", ">="):
            return NotImplemented
        return self._get_next_action_domain("next_action_date", operator, value)

    @api.model
    def _get_next_action_domain(self, field_name, operator, value):
        """Compare the very SQL by which the field is grouped and sorted."""
        field = self._fields[field_name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                field_name, operator, value, model, alias, query
            )
        )

    @api.model
    def _get_ranked_states(self):
        """Return ``{field: values}`` of the states that sort by urgency."""
        return {"next_action_state": STATES}

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by urgency, not by the letters of the state."""
        states = self._get_ranked_states().get(field_name)
        if not states:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        rank = SQL(
            "array_position(%s, %s)",
            list(states),
            self._field_to_sql(alias, field_name, query),
        )
        query._order_groupby.append(rank)
        return SQL("%s %s %s", rank, direction, nulls)

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups by urgency too."""
        states = {
            name: groupby_terms[name]
            for name in self._get_ranked_states()
            if name in groupby_terms
        }
        for name, state in states.items():
            ranks = list(self._get_ranked_states()[name])
            groupby_terms[name] = SQL("array_position(%s, %s)", ranks, state)
        result = super()._read_group_orderby(order, groupby_terms, query)
        groupby_terms.update(states)
        return result
