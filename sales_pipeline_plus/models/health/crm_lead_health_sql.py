from odoo import api, fields, models
from odoo.tools import SQL

from .lamps import CONTACTS, DEFAULTS, LAMP_OF, LAMPS, LEAST_STAYS


class CrmLead(models.Model):
    """The health of open opportunities in SQL: what is shown, searched, grouped and
    sorted is one and the same.

    Whoever sees a deal sees its health, so access to its messages and meetings is not
    asked. The usual stay is that of the deals that the reader may read.
    """

    _inherit = "crm.lead"

    def _get_health_lamp_sql(self, name, alias, query):
        return SQL(
            "CASE WHEN %s THEN %s END",
            self._get_open_opportunity_sql(alias, query),
            self._get_lamp_sql(LAMP_OF[name], alias, query),
        )

    def _get_health_weak_count_sql(self, _name, alias, query):
        weak = [
            SQL("(%s = 'weak')::integer", self._get_lamp_sql(lamp, alias, query))
            for lamp in LAMPS
        ]
        return SQL(
            "CASE WHEN %s THEN %s END",
            self._get_open_opportunity_sql(alias, query),
            SQL(" + ").join(weak),
        )

    def _get_lamp_sql(self, lamp, alias, query):
        """Return the SQL of the state of a lamp of an open opportunity, never NULL."""
        return getattr(self, f"_get_lamp_{lamp}_sql")(alias, query)

    def _get_lamp_next_step_sql(self, alias, query):
        return SQL(
            "CASE WHEN %s >= 0 AND %s <= %s::date + %s THEN 'good' ELSE 'weak' END",
            self._join_next_action(alias, query, "days"),
            self._join_next_action(alias, query, "date"),
            fields.Date.context_today(self),
            self._get_health_limit_sql("health_step_days", alias, query),
        )

    def _get_lamp_decision_maker_sql(self, alias, query):
        return SQL(
            """CASE WHEN %s > 0 THEN 'good' WHEN %s THEN 'weak' ELSE 'unknown' END""",
            self._join_health_contacts(alias, query, "deciding"),
            self._get_has_deciding_role_sql(),
        )

    def _get_lamp_contacts_sql(self, alias, query):
        return SQL(
            "CASE WHEN %s >= %s THEN 'good' ELSE 'weak' END",
            self._join_health_contacts(alias, query, "count"),
            CONTACTS,
        )

    def _get_lamp_last_contact_sql(self, alias, query):
        """A new opportunity has as many days for the first contact."""
        first_day = SQL(
            "%s::date - %s",
            fields.Date.context_today(self),
            self._get_health_limit_sql("health_contact_days", alias, query),
        )
        return SQL(
            """CASE WHEN %(last)s >= %(first_day)s THEN 'good'
                    WHEN %(last)s IS NULL AND %(begun)s >= %(first_day)s THEN 'unknown'
                    ELSE 'weak' END""",
            last=self._get_user_day_sql(self._join_last_contact(alias, query)),
            first_day=first_day,
            begun=self._get_user_day_sql(self._get_begun_sql(alias, query)),
        )

    def _get_lamp_pace_sql(self, alias, query):
        return SQL(
            """CASE WHEN %(usual)s IS NULL THEN 'unknown'
                    WHEN %(days)s > %(pace)s * GREATEST(%(usual)s, 1) THEN 'weak'
                    ELSE 'good' END""",
            usual=self._join_usual_stay(alias, query, "days"),
            days=self._get_stage_days_sql(alias, query),
            pace=self._get_health_limit_sql("health_pace", alias, query),
        )

    def _get_lamp_date_sql(self, alias, query):
        return SQL(
            """CASE WHEN %(date)s IS NULL THEN 'unknown'
                    WHEN %(date)s < %(today)s::date OR %(count)s >= %(limit)s
                    THEN 'weak'
                    WHEN %(is_unknown)s THEN 'unknown' ELSE 'good' END""",
            date=self._field_to_sql(alias, "date_deadline", query),
            today=fields.Date.context_today(self),
            count=self._field_to_sql(alias, "postponement_count", query),
            limit=self._get_health_limit_sql("health_postponements", alias, query),
            is_unknown=self._field_to_sql(alias, "is_slip_unknown", query),
        )

    def _get_lamp_score_sql(self, alias, query):
        return SQL(
            """CASE WHEN NOT %(is_answered)s THEN 'unknown'
                    WHEN %(score)s >= %(minimum)s THEN 'good' ELSE 'weak' END""",
            is_answered=self._get_is_answered_sql(alias, query),
            score=self._field_to_sql(alias, "qualification_score", query),
            minimum=self._get_health_limit_sql("health_minimum_score", alias, query),
        )

    # ------------------------------------------------------------
    # What the lamps read
    # ------------------------------------------------------------

    @api.model
    def _get_user_day_sql(self, moment):
        """Return the SQL of the user's day at a moment in UTC."""
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.env.tz.zone, moment)

    def _get_begun_sql(self, alias, query):
        return SQL(
            "COALESCE(%s, %s)",
            self._field_to_sql(alias, "date_start", query),
            self._field_to_sql(alias, "create_date", query),
        )

    def _get_stage_days_sql(self, alias, query):
        """Return the SQL of the days that a deal has been in its stage."""
        return SQL(
            "EXTRACT(EPOCH FROM %s::timestamp - COALESCE(%s, %s)) / 86400",
            fields.Datetime.now(),
            self._field_to_sql(alias, "date_last_stage_update", query),
            self._field_to_sql(alias, "create_date", query),
        )

    def _get_health_limit_sql(self, name, alias, query):
        """Return the SQL of a limit: the pipeline's, or what holds without one."""
        to_pipeline_sql = self._join_for_limit("pipeline_id", alias, query)
        return SQL("COALESCE(%s, %s)", to_pipeline_sql(name), DEFAULTS[name])

    @api.model
    def _get_has_deciding_role_sql(self):
        return SQL(
            "EXISTS (SELECT FROM crm_contact_role WHERE decides)",
            to_flush=self.env["crm.contact.role"]._fields["decides"],
        )

    def _join_health_contacts(self, alias, query, column):
        """Join, once per query, the contacts of each deal: their ``count``, and the
        number of ``deciding`` ones."""
        name = query.make_alias(alias, "health_contacts")
        if name not in query._joins:
            contacts = self.env["crm.lead.contact"]._fields
            query.add_join(
                "LEFT JOIN",
                name,
                SQL(
                    """LATERAL (
                         SELECT count(*) AS count,
                                count(*) FILTER (WHERE EXISTS (
                                  SELECT FROM crm_lead_contact_role_rel AS has
                                    JOIN crm_contact_role AS role
                                      ON role.id = has.role_id AND role.decides
                                   WHERE has.contact_id = contact.id)) AS deciding
                           FROM crm_lead_contact AS contact
                          WHERE contact.lead_id = %s)""",
                    SQL.identifier(alias, "id"),
                    to_flush=[
                        contacts["lead_id"],
                        contacts["role_ids"],
                        self.env["crm.contact.role"]._fields["decides"],
                    ],
                ),
                SQL("TRUE"),
            )
        return SQL.identifier(name, column)

    def _join_last_contact(self, alias, query):
        """Join, once per query, the moment of the last contact, and return it."""
        name = query.make_alias(alias, "health_last_contact")
        if name not in query._joins:
            query.add_join(
                "LEFT JOIN",
                name,
                SQL(
                    "LATERAL (SELECT %s AS moment)",
                    self._get_last_contact_sql(
                        SQL.identifier(alias, "id"),
                        SQL("%s::timestamp", fields.Datetime.now()),
                    ),
                ),
                SQL("TRUE"),
            )
        return SQL.identifier(name, "moment")

    @api.model
    def _get_last_contact_sql(self, lead_id, until):
        """Return the SQL of the last contact about a deal until a moment: an activity
        done, a meeting held, an e-mail or another message that is no internal note.

        :param lead_id: SQL of the deal's id
        :param until: SQL of the moment
        """
        messages = self.env["mail.message"]._fields
        meetings = self.env["calendar.event"]._fields
        return SQL(
            """GREATEST(
                 (SELECT max(message.date) FROM mail_message AS message
                   WHERE message.model = 'crm.lead'
                     AND message.res_id = %(lead)s
                     AND message.date <= %(until)s
                     AND (message.mail_activity_type_id IS NOT NULL
                          OR message.message_type IN ('email', 'email_outgoing')
                          OR message.message_type = 'comment'
                             AND message.subtype_id = %(discussion)s
                             AND message.is_internal IS NOT TRUE)),
                 (SELECT max(event.start) FROM calendar_event AS event
                   WHERE event.opportunity_id = %(lead)s
                     AND event.active
                     AND event.start <= %(until)s))""",
            lead=lead_id,
            until=until,
            discussion=self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            to_flush=[
                *(
                    messages[name]
                    for name in (
                        "date",
                        "is_internal",
                        "mail_activity_type_id",
                        "message_type",
                        "model",
                        "res_id",
                        "subtype_id",
                    )
                ),
                *(meetings[name] for name in ("active", "opportunity_id", "start")),
            ],
        )

    def _join_usual_stay(self, alias, query, column):
        """Join, once per query, the usual stay in the deal's stage: the ``count`` of
        stays that it is the median of, and its ``days``."""
        name = query.make_alias(alias, "health_usual_stay")
        if name not in query._joins:
            query.add_join(
                "LEFT JOIN",
                name,
                SQL("(%s)", self._get_usual_stays_sql()),
                SQL(
                    "%s = %s AND %s = %s",
                    SQL.identifier(name, "pipeline_id"),
                    self._field_to_sql(alias, "pipeline_id", query),
                    SQL.identifier(name, "stage_id"),
                    self._field_to_sql(alias, "stage_id", query),
                ),
            )
        return SQL.identifier(name, column)

    @api.model
    def _get_usual_stays_sql(self):
        """Return the SQL of ``pipeline_id``, ``stage_id``, ``count`` and ``days``: the
        median of how long the deals that were won had stayed there, of the deals that
        the reader may read. There is none of too few."""
        stays = self.env["crm.lead.passage"].with_context(active_test=False)
        query = stays._search(
            [("pipeline_id", "!=", False), ("is_path_known", "=", True)]
        )
        lead = query.left_join(query.table, "lead_id", "crm_lead", "id", "deal")
        pipeline, stage, days, former_status = (
            stays._field_to_sql(query.table, name, query)
            for name in ("pipeline_id", "stage_id", "days", "former_status")
        )
        query.add_where(
            SQL(
                "COALESCE(%s, %s) = 'won'",
                self._field_to_sql(lead, "won_status", query),
                former_status,
            )
        )
        query.groupby = SQL("1, 2")
        query.having = SQL("count(%s) >= %s", days, LEAST_STAYS)
        return query.select(
            SQL("%s AS pipeline_id", pipeline),
            SQL("%s AS stage_id", stage),
            SQL("count(%s) AS count", days),
            SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s) AS days", days),
        )

    def _get_is_answered_sql(self, alias, query):
        """Return the SQL condition by which a question of the deal's pipeline has an
        answer."""
        answers = self.env["crm.lead.answer"]._fields
        questions = self.env["crm.pipeline.question"]._fields
        return SQL(
            """EXISTS (
                 SELECT FROM crm_lead_answer AS answer
                   JOIN crm_pipeline_question AS question
                     ON question.id = answer.question_id AND question.active
                  WHERE answer.lead_id = %s
                    AND question.pipeline_id = %s
                    AND (answer.yes_no IS NOT NULL OR answer.scale IS NOT NULL))""",
            SQL.identifier(alias, "id"),
            self._field_to_sql(alias, "pipeline_id", query),
            to_flush=[
                *(answers[n] for n in ("lead_id", "question_id", "scale", "yes_no")),
                *(questions[name] for name in ("active", "pipeline_id")),
            ],
        )
