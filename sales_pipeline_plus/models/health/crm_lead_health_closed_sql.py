from odoo import models
from odoo.tools import SQL

from .lamps import CONTACTS


class CrmLead(models.Model):
    """How the lamps of a closed deal were when it was closed, in SQL: NULL where nobody
    knows. See ``crm_lead_health_outcome.py``."""

    _inherit = "crm.lead"

    def _get_closing_sql(self, alias, query):
        """Return the SQL of the closing, and of whether the deal was here by then."""
        closed = self._field_to_sql(alias, "date_closed", query)
        created = self._field_to_sql(alias, "create_date", query)
        return closed, SQL("%s <= %s", created, closed)

    def _get_closed_contacts_sql(self, alias, query):
        closed, was_here = self._get_closing_sql(alias, query)
        return SQL(
            """CASE WHEN NOT %(was_here)s THEN NULL
                    WHEN (SELECT count(*) FROM crm_lead_contact AS contact
                           WHERE contact.lead_id = %(id)s
                             AND contact.create_date <= %(closed)s + interval '1 day')
                         >= %(least)s
                    THEN 'good' ELSE 'weak' END""",
            was_here=was_here,
            id=SQL.identifier(alias, "id"),
            closed=closed,
            least=CONTACTS,
            to_flush=self.env["crm.lead.contact"]._fields["lead_id"],
        )

    def _get_closed_decision_maker_sql(self, alias, query):
        closed, was_here = self._get_closing_sql(alias, query)
        contacts = self.env["crm.lead.contact"]._fields
        return SQL(
            """(SELECT CASE WHEN NOT %(was_here)s OR NOT %(has_role)s
                              OR max(contact.write_date)
                                 > %(closed)s + interval '1 day'
                            THEN NULL
                            WHEN bool_or(EXISTS (
                                   SELECT FROM crm_lead_contact_role_rel AS has
                                     JOIN crm_contact_role AS role
                                       ON role.id = has.role_id AND role.decides
                                    WHERE has.contact_id = contact.id))
                            THEN 'good' ELSE 'weak' END
                  FROM crm_lead_contact AS contact
                 WHERE contact.lead_id = %(id)s
                   AND contact.create_date <= %(closed)s + interval '1 day')""",
            was_here=was_here,
            has_role=self._get_has_deciding_role_sql(),
            closed=closed,
            id=SQL.identifier(alias, "id"),
            to_flush=[contacts["lead_id"], contacts["role_ids"]],
        )

    def _get_closed_last_contact_sql(self, alias, query):
        closed, was_here = self._get_closing_sql(alias, query)
        return SQL(
            """(SELECT CASE WHEN NOT %(was_here)s THEN NULL
                            WHEN moment.last >= moment.first THEN 'good'
                            WHEN moment.last IS NULL AND %(begun)s >= moment.first
                            THEN NULL ELSE 'weak' END
                  FROM (SELECT %(last)s AS last, %(closed)s - %(limit)s AS first)
                       AS moment)""",
            was_here=was_here,
            last=self._get_user_day_sql(
                self._get_last_contact_sql(SQL.identifier(alias, "id"), closed)
            ),
            begun=self._get_user_day_sql(self._get_begun_sql(alias, query)),
            closed=self._get_user_day_sql(closed),
            limit=self._get_health_limit_sql("health_contact_days", alias, query),
        )

    def _get_closed_pace_sql(self, alias, query):
        stays = self.env["crm.lead.passage"]
        return SQL(
            """(SELECT CASE WHEN NOT stay.is_path_known OR stay.days IS NULL
                              OR usual.days IS NULL THEN NULL
                            WHEN stay.days > %(pace)s * GREATEST(usual.days, 1)
                            THEN 'weak' ELSE 'good' END
                  FROM crm_lead_passage AS stay
             LEFT JOIN (%(usual)s) AS usual
                    ON usual.pipeline_id = stay.pipeline_id
                   AND usual.stage_id = stay.stage_id
                 WHERE stay.lead_id = %(id)s
                   AND stay.former_lead_id IS NULL
                   AND stay.outcome IN ('won', 'lost')
              ORDER BY stay.date_out DESC, stay.id DESC
                 LIMIT 1)""",
            pace=self._get_health_limit_sql("health_pace", alias, query),
            usual=self._get_usual_stays_sql(),
            id=SQL.identifier(alias, "id"),
            to_flush=[
                stays._fields[name]
                for name in ("date_out", "former_lead_id", "lead_id", "outcome")
            ],
        )

    def _get_closed_date_sql(self, alias, query):
        closed, _was_here = self._get_closing_sql(alias, query)
        return SQL(
            """CASE WHEN %(date)s IS NULL THEN NULL
                    WHEN %(date)s < %(closed)s OR %(count)s >= %(limit)s THEN 'weak'
                    WHEN %(is_unknown)s THEN NULL ELSE 'good' END""",
            date=self._field_to_sql(alias, "date_deadline", query),
            closed=self._get_user_day_sql(closed),
            count=self._field_to_sql(alias, "postponement_count", query),
            limit=self._get_health_limit_sql("health_postponements", alias, query),
            is_unknown=self._field_to_sql(alias, "is_slip_unknown", query),
        )

    def _get_closed_score_sql(self, alias, query):
        closed, was_here = self._get_closing_sql(alias, query)
        return SQL(
            """CASE WHEN NOT %(was_here)s OR NOT %(is_answered)s
                      OR EXISTS (
                        SELECT FROM crm_lead_answer AS answer
                         WHERE answer.lead_id = %(id)s
                           AND answer.write_date > %(closed)s + interval '1 day')
                    THEN NULL
                    WHEN %(score)s >= %(minimum)s THEN 'good' ELSE 'weak' END""",
            was_here=was_here,
            is_answered=self._get_is_answered_sql(alias, query),
            id=SQL.identifier(alias, "id"),
            closed=closed,
            score=self._field_to_sql(alias, "qualification_score", query),
            minimum=self._get_health_limit_sql("health_minimum_score", alias, query),
        )
