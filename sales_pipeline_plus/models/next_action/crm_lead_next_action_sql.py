import pytz

from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = {
    "mail.activity": (
        "active",
        "date_deadline",
        "res_id",
        "res_model",
        "user_id",
        "user_tz",
    ),
    "calendar.event": ("active", "allday", "opportunity_id", "start", "stop"),
}


class CrmLead(models.Model):
    """The next action of a deal in SQL: what the computed fields are grouped, sorted
    and compared by."""

    _inherit = "crm.lead"

    def _get_next_actions_sql(self):
        """Return the SQL of all actions that count: ``lead_id``, ``date``, ``model``,
        ``id`` and ``days``, the number of days from today (below 0 when overdue)."""
        return SQL(" UNION ALL ").join(self._get_next_action_sources_sql().values())

    def _get_next_action_sources_sql(self):
        """Return the same, by the kind of action."""
        to_flush = [
            self.env[model]._fields[name]
            for model, names in COLUMNS.items()
            for name in names
        ]
        now = pytz.utc.localize(fields.Datetime.now())
        today = fields.Date.context_today(self)
        activities = SQL(
            """SELECT mail_activity.res_id AS lead_id,
                      mail_activity.date_deadline AS date,
                      'mail.activity' AS model, mail_activity.id,
                      mail_activity.date_deadline
                      - (%(now)s AT TIME ZONE
                         COALESCE(mail_activity.user_tz, 'UTC'))::date AS days
                 FROM %(activities)s""",
            now=now,
            activities=self._get_activities_sql(),
            to_flush=to_flush,
        )
        meetings = SQL(
            """SELECT lead_id, GREATEST(first_day, %(today)s) AS date,
                      'calendar.event' AS model, id,
                      GREATEST(first_day - %(today)s, 0) AS days
                 FROM (SELECT opportunity_id AS lead_id, id,
                              CASE WHEN allday THEN start::date
                                   ELSE (start AT TIME ZONE 'UTC'
                                         AT TIME ZONE %(tz)s)::date
                              END AS first_day
                         FROM calendar_event
                        WHERE opportunity_id IS NOT NULL AND active
                          AND CASE WHEN allday THEN stop::date >= %(today)s
                                   ELSE stop > %(now)s AT TIME ZONE 'UTC' END
                      ) AS meeting""",
            now=now,
            today=today,
            tz=self.env.tz.zone,
            to_flush=to_flush,
        )
        return {"next_activity": activities, "next_meeting": meetings}

    def _get_next_action_date_sql(self, _name, alias, query):
        return SQL(
            "CASE WHEN %s THEN %s END",
            self._get_open_opportunity_sql(alias, query),
            self._join_next_action(alias, query, "date"),
        )

    def _get_next_action_state_sql(self, _name, alias, query):
        is_open = self._get_open_opportunity_sql(alias, query)
        days = self._join_next_action(alias, query, "days")
        return SQL(
            """CASE WHEN NOT %s THEN NULL
                    WHEN %s THEN 'missing'
                    WHEN %s THEN 'overdue'
                    WHEN %s = 0 THEN 'today'
                    ELSE 'planned' END""",
            is_open,
            self._get_missing_action_sql(alias, query),
            self._get_overdue_action_sql(alias, query),
            days,
        )

    def _get_missing_action_sql(self, alias, query):
        """Return the SQL condition by which an open opportunity has no next action."""
        return SQL("%s IS NULL", self._join_next_action(alias, query, "days"))

    def _get_without_action_sql(self, alias, query):
        """Return the same as :meth:`_get_missing_action_sql` for a query that asks for
        nothing else of the actions: neither dates nor time zones are worked out."""
        joined = []
        for kind, actions in self._get_next_action_sources_sql().items():
            name = query.left_join(
                alias,
                "id",
                SQL(
                    "(SELECT lead_id FROM (%s) AS action GROUP BY lead_id)",
                    actions,
                ),
                "lead_id",
                f"any_{kind}",
            )
            joined.append(SQL.identifier(name, "lead_id"))
        return SQL("COALESCE(%s) IS NULL", SQL(", ").join(joined))

    def _get_overdue_action_sql(self, alias, query):
        """Return the SQL condition by which the next action of an open opportunity is
        overdue; NULL without one."""
        return SQL("%s < 0", self._join_next_action(alias, query, "days"))

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Sort first and read the page afterwards: the order is found without the
        table, which would be read whole for the columns of a page."""
        names = {*self._get_ranked_states(), "next_action_date"}
        words = (order or "").replace(",", " ").split()
        if not limit or field_names == [] or names.isdisjoint(words):
            return super().search_fetch(domain, field_names, offset, limit, order)
        found = super().search_fetch(domain, [], offset, limit, order)
        found.fetch(field_names)
        return found

    def _join_next_action(self, alias, query, column):
        """Join, once per query, each kind of action, and return the least of a column:
        the earliest ``date`` or the most urgent number of ``days``.

        One join for each, so that PostgreSQL knows how many deals it will find, and
        reads both in the order of the deals instead of hashing them.
        """
        joined = []
        for kind, actions in self._get_next_action_sources_sql().items():
            name = query.make_alias(alias, kind)
            if name not in query._joins:
                query.left_join(
                    alias,
                    "id",
                    SQL(
                        """(SELECT lead_id, min(date) AS date, min(days) AS days
                              FROM (%s) AS action GROUP BY lead_id)""",
                        actions,
                    ),
                    "lead_id",
                    kind,
                )
            joined.append(SQL.identifier(name, column))
        return SQL("LEAST(%s)", SQL(", ").join(joined))
