from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.jobs import run_again
from .crm_pipeline_rule import LASTING_EVENTS, TIMED_EVENTS

BATCH_SIZE = 500


class CrmPipelineRule(models.Model):
    """Events that time brings about, found in batches that are committed one by one.

    An interrupted run goes on after the last batch. Launched occurrences are in the
    log, so they are not even read again.
    """

    _inherit = "crm.pipeline.rule"

    @api.model
    def _cron_launch(self):
        rules = (
            self._in_charge()
            .search(
                [
                    ("active", "=", True),
                    ("pipeline_id.active", "=", True),
                    ("event", "in", TIMED_EVENTS),
                ]
            )
            .sorted(
                lambda rule: (
                    not rule.cron_cursor,
                    fields.Datetime.to_string(rule.cron_date) or "",
                    rule.id,
                )
            )
        )
        # The rules have a context of their own, without the cron's.
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(rules))
        for done, rule in enumerate(rules):
            if not rule._launch_timed(commit_progress, len(rules) - done):
                break

    def _launch_timed(self, commit_progress, remaining):
        """Launch the rule for all opportunities.

        :param commit_progress: commits and returns the time that is left
        :param remaining: number of rules that are not done yet, this one included
        :return: False if the time of the cron is over
        """
        if self.event in LASTING_EVENTS and not self.cron_cursor:
            self._withdraw_without_reason()
        while found := self._get_timed_occurrences(self.cron_cursor):
            succeeded = self._launch_batch([row[1:] for row in found])
            if not succeeded:
                break
            self.cron_cursor = found[-1][0]
            if not commit_progress(len(found), remaining=remaining):
                return False
        self.write({"cron_cursor": 0, "cron_date": fields.Datetime.now()})
        return bool(commit_progress(0, remaining=remaining - 1))

    def _launch_batch(self, occurrences):
        """Launch a batch, again if another transaction came in between."""
        return run_again(self.env, self._launch_all, occurrences)

    def _get_timed_occurrences(self, cursor):
        """Return the next occurrences that are not logged yet.

        :param cursor: the id after which to go on
        :return: list of (id to go on from, lead id, key)
        """
        self.env.flush_all()
        occurrence, source = getattr(self, f"_get_{self.event}_sql")()
        stage = SQL("TRUE")
        if self.stage_id:
            stage = SQL("lead.stage_id = %s", self.stage_id.id)
        return self.env.execute_query(
            SQL(
                """SELECT cursor, lead_id, occurrence
                     FROM (SELECT %(occurrence)s
                             FROM crm_lead AS lead
                             %(source)s
                              AND lead.pipeline_id = %(pipeline)s
                              AND lead.type = 'opportunity'
                              AND %(is_open)s
                              AND %(stage)s) AS found
                    WHERE cursor > %(after)s
                      AND NOT EXISTS (
                            SELECT FROM crm_pipeline_rule_log AS log
                             WHERE log.rule_id = %(rule)s
                               AND log.lead_id = found.lead_id
                               AND log.occurrence = found.occurrence)
                 ORDER BY cursor
                    LIMIT %(limit)s""",
                occurrence=occurrence,
                source=source,
                is_open=self.env["crm.lead"]._get_open_sql("lead"),
                stage=stage,
                pipeline=self.pipeline_id.id,
                rule=self.id,
                after=cursor,
                limit=BATCH_SIZE,
            )
        )

    def _get_meeting_held_sql(self):
        return (
            SQL(
                """meeting.id AS cursor, lead.id AS lead_id,
                   'meeting:' || meeting.id AS occurrence"""
            ),
            SQL(
                """JOIN calendar_event AS meeting ON meeting.opportunity_id = lead.id
                  WHERE meeting.active
                    AND meeting.stop > %s AND meeting.stop <= %s""",
                self.since,
                fields.Datetime.now(),
            ),
        )

    def _get_decision_passed_sql(self):
        """The date has passed when it has where the salesperson is."""
        return (
            SQL(
                """lead.id AS cursor, lead.id AS lead_id,
                   'decision_passed:' || lead.date_deadline AS occurrence"""
            ),
            SQL(
                """LEFT JOIN res_users AS owner ON owner.id = lead.user_id
                   LEFT JOIN res_partner AS person ON person.id = owner.partner_id
                       WHERE lead.date_deadline
                             < (%s::timestamp AT TIME ZONE 'UTC'
                                AT TIME ZONE COALESCE(person.tz, 'UTC'))::date""",
                fields.Datetime.now(),
            ),
        )

    def _get_inactive_sql(self):
        """What happened: done activities, messages and notes of people, meetings that
        are over, the creation, changes of the stage and the end of a hold."""
        now = fields.Datetime.now()
        limit = SQL("%s::timestamp - %s * interval '1 day'", now, self.inactive_days)
        return (
            SQL(
                """lead.id AS cursor, lead.id AS lead_id,
                   'inactive:' || to_char(happened.last, 'YYYY-MM-DD HH24:MI:SS')
                     AS occurrence"""
            ),
            SQL(
                """CROSS JOIN LATERAL (
                     SELECT GREATEST(
                              lead.create_date, lead.date_last_stage_update,
                              lead.date_hold_end,
                              (SELECT max(message.date)
                                 FROM mail_message AS message
                                WHERE message.model = 'crm.lead'
                                  AND message.res_id = lead.id
                                  AND (message.mail_activity_type_id IS NOT NULL
                                       OR message.message_type IN (
                                            'comment', 'email', 'email_outgoing'))),
                              (SELECT max(meeting.stop)
                                 FROM calendar_event AS meeting
                                WHERE meeting.opportunity_id = lead.id
                                  AND meeting.active
                                  AND meeting.stop <= %(now)s)) AS last
                   ) AS happened
                   WHERE lead.create_date < %(limit)s
                     AND COALESCE(lead.date_last_stage_update, lead.create_date)
                         < %(limit)s
                     AND happened.last < %(limit)s""",
                now=now,
                limit=limit,
            ),
        )
