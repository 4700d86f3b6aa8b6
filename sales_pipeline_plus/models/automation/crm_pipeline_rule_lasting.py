from odoo import fields, models
from odoo.tools import SQL

from ...tools.jobs import run_again


class CrmPipelineRule(models.Model):
    """Events that last until somebody does something: an activity that is overdue, a
    quotation that has expired, a first contact that is missing.

    A day is over when it is where the person in charge is. What a rule has planned is
    taken back when this is no longer so.
    """

    _inherit = "crm.pipeline.rule"

    def _get_activity_overdue_sql(self, days=None):
        kind = SQL(
            "COALESCE(activity.activity_type_id, 0) <> ALL(%s)",
            self.env["mail.activity.type"]._get_types_within_house().ids,
        )
        if self.event_activity_type_id:
            kind = SQL("activity.activity_type_id = %s", self.event_activity_type_id.id)
        return (
            SQL(
                """activity.id AS cursor, lead.id AS lead_id,
                   'activity_overdue:' || activity.id || ':' || activity.date_deadline
                     AS occurrence"""
            ),
            SQL(
                """JOIN mail_activity AS activity
                     ON activity.res_model = 'crm.lead' AND activity.res_id = lead.id
              LEFT JOIN crm_pipeline_rule AS planning
                     ON planning.id = activity.pipeline_rule_id
                  WHERE activity.active
                    AND %(kind)s
                    AND COALESCE(planning.event, '') <> 'activity_overdue'
                    AND activity.date_deadline + %(days)s
                        <= %(today)s""",
                kind=kind,
                days=days or self.event_days,
                today=self._get_today_sql(SQL("activity.user_tz")),
            ),
        )

    def _get_quotation_expired_sql(self, days=None):
        """Of several quotations the last one to expire counts, when none is valid."""
        return (
            SQL(
                """quotation.id AS cursor, lead.id AS lead_id,
                   'quotation_expired:' || quotation.id || ':'
                     || quotation.validity_date AS occurrence"""
            ),
            SQL(
                """JOIN sale_order AS quotation ON quotation.opportunity_id = lead.id
                   LEFT JOIN res_users AS owner ON owner.id = lead.user_id
                   LEFT JOIN res_partner AS person ON person.id = owner.partner_id
                       WHERE quotation.state IN ('draft', 'sent')
                         AND quotation.validity_date < %s
                         AND NOT EXISTS (
                               SELECT FROM sale_order AS other
                                WHERE other.opportunity_id = lead.id
                                  AND (other.state = 'sale'
                                       OR other.state IN ('draft', 'sent')
                                      AND (other.validity_date IS NULL
                                           OR (other.validity_date, other.id)
                                            > (quotation.validity_date, quotation.id)
                                          )))""",
                self._get_today_sql(SQL("person.tz")),
            ),
        )

    def _get_first_contact_sql(self, days=None):
        """What counts: done activities, meetings that are over, and what people of the
        company have written to the customer."""
        timezone = SQL("person.tz")
        return (
            SQL(
                """lead.id AS cursor, lead.id AS lead_id,
                   'first_contact' AS occurrence"""
            ),
            SQL(
                """LEFT JOIN res_users AS owner ON owner.id = lead.user_id
                   LEFT JOIN res_partner AS person ON person.id = owner.partner_id
                       WHERE %(created)s + %(days)s <= %(today)s
                         AND NOT EXISTS (
                               SELECT FROM calendar_event AS meeting
                                WHERE meeting.opportunity_id = lead.id
                                  AND meeting.active AND meeting.stop <= %(now)s)
                         AND NOT EXISTS (
                               SELECT FROM mail_message AS message
                            LEFT JOIN mail_message_subtype AS subtype
                                   ON subtype.id = message.subtype_id
                                WHERE message.model = 'crm.lead'
                                  AND message.res_id = lead.id
                                  AND (message.mail_activity_type_id IS NOT NULL
                                       OR message.message_type IN (
                                            'comment', 'email', 'email_outgoing')
                                      AND subtype.internal IS NOT TRUE
                                      AND message.is_internal IS NOT TRUE
                                      AND EXISTS (
                                            SELECT FROM res_users AS author
                                             WHERE author.partner_id = message.author_id
                                               AND author.share IS NOT TRUE)))""",
                created=self._get_day_sql(
                    SQL("GREATEST(lead.create_date, lead.date_conversion)"), timezone
                ),
                days=days or self.event_days,
                today=self._get_today_sql(timezone),
                now=fields.Datetime.now(),
            ),
        )

    def _get_today_sql(self, timezone):
        return self._get_day_sql(SQL("%s::timestamp", fields.Datetime.now()), timezone)

    def _get_day_sql(self, moment, timezone):
        """Return the SQL of the date of a moment in UTC in a time zone, or in UTC."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(%s, 'UTC'))::date",
            moment,
            timezone,
        )

    # ------------------------------------------------------------
    # When the reason is gone
    # ------------------------------------------------------------

    def _withdraw_without_reason(self):
        """Take back what the rule has planned for a reason that is gone.

        It is not gone because the rule asks for another event or more days by now.
        """
        run_again(self.env, self._withdraw_batch)

    def _withdraw_batch(self):
        self.env.flush_all()
        occurrence, source = getattr(self, f"_get_{self.event}_sql")(days=1)
        rows = self.env.execute_query(
            SQL(
                """WITH planned AS (
                       SELECT id, res_id, pipeline_rule_occurrence AS occurrence
                         FROM mail_activity
                        WHERE pipeline_rule_id = %(rule)s
                          AND active
                          AND res_model = 'crm.lead'
                          AND starts_with(pipeline_rule_occurrence, %(event)s)
                   ), found AS (
                       SELECT %(found)s
                         FROM crm_lead AS lead
                         %(source)s
                          AND lead.id IN (SELECT res_id FROM planned)
                   )
                   SELECT planned.id
                     FROM planned
                    WHERE NOT EXISTS (
                            SELECT FROM found
                             WHERE found.lead_id = planned.res_id
                               AND found.occurrence = planned.occurrence)
                 ORDER BY planned.id""",
                rule=self.id,
                event=self.event,
                found=occurrence,
                source=source,
            )
        )
        activities = self.env["mail.activity"].browse(row[0] for row in rows)
        leads = self.env["crm.lead"].browse(set(activities.mapped("res_id")))
        leads._withdraw(activities)
