import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.jobs import run_batch

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """Days allowed in a stage of a pipeline, built on Odoo's rotting.

    A limit of the pipeline's stage replaces Odoo's threshold of the stage. One SQL
    query answers both what is shown and what is searched, so they are always equal.
    """

    _inherit = "crm.lead"

    limit_alert_date = fields.Datetime(
        string="Out of Standard Alert",
        readonly=True,
        copy=False,
        help="When the salesperson was told that the opportunity is out of standard.",
    )

    def _is_rotting_feature_enabled(self):
        return super()._is_rotting_feature_enabled() or any(
            line.limit_days
            for layout in self.env["crm.pipeline"]._get_layout().pipelines.values()
            for line in layout.lines
        )

    def _get_rotting_depends_fields(self):
        return [
            *super()._get_rotting_depends_fields(),
            "pipeline_stage_id.limit_days",
            "pipeline_stage_id.limit_clock",
            "activity_ids.date_deadline",
            "message_ids",
        ]

    def _get_rotting_domain(self):
        """Leads with a limit of their own count, with or without Odoo's threshold."""
        own = Domain("pipeline_stage_id.limit_days", ">", 0)
        open_deal = self._get_open_domain() & Domain("type", "=", "opportunity")
        return (super()._get_rotting_domain() | own) & open_deal

    @api.depends(lambda self: self._get_rotting_depends_fields())
    def _compute_rotting(self):
        # Odoo's computation and its search disagree (the search forgets what is older
        # than 12 months), so neither is called.
        days = {}
        if self._origin and self._is_rotting_feature_enabled():
            query = self._get_rotting_query(
                SQL("lead.id IN %s", tuple(self._origin.ids))
            )
            days = dict(self.env.execute_query(query))
        for lead in self:
            lead.is_rotting = lead._origin.id in days
            lead.rotting_days = days.get(lead._origin.id, 0)

    def _search_is_rotting(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = set(value)
        if operator == "not in":
            wanted = {True, False} - wanted
        if not wanted:
            return Domain.FALSE
        if wanted == {True, False}:
            return Domain.TRUE
        query = SQL(
            "(SELECT id FROM (%s) AS rotting)", self._get_rotting_query(SQL("TRUE"))
        )
        return Domain("id", "in" if True in wanted else "not in", query)

    def _get_rotting_query(self, condition):
        """Return the SQL of the leads out of standard: ``id``, ``days`` since the clock
        started.

        :param condition: SQL on the alias ``lead`` that narrows the leads
        """
        self.flush_model(
            [
                "active",
                "create_date",
                "date_last_stage_update",
                "pipeline_stage_id",
                "stage_id",
                "type",
                "won_status",
            ]
        )
        self.env["crm.stage"].flush_model(["rotting_threshold_days"])
        self.env["crm.pipeline.stage"].flush_model(["limit_clock", "limit_days"])
        self.env["mail.message"].flush_model()
        self.env["mail.activity"].flush_model()
        return SQL(
            """SELECT id, EXTRACT(DAY FROM %(now)s - started)::integer AS days
                 FROM (SELECT lead.id,
                              GREATEST(
                                COALESCE(lead.date_last_stage_update, lead.create_date),
                                CASE WHEN line.limit_days > 0
                                          AND line.limit_clock = 'last_activity'
                                     THEN (SELECT max(message.date)
                                             FROM mail_message AS message
                                            WHERE message.model = 'crm.lead'
                                              AND message.res_id = lead.id
                                              AND message.mail_activity_type_id
                                                  IS NOT NULL)
                                END) AS started,
                              COALESCE(NULLIF(line.limit_days, 0),
                                       stage.rotting_threshold_days) AS allowed
                         FROM crm_lead AS lead
                         JOIN crm_stage AS stage ON stage.id = lead.stage_id
                    LEFT JOIN crm_pipeline_stage AS line
                           ON line.id = lead.pipeline_stage_id
                        WHERE lead.type = 'opportunity'
                          AND %(is_open)s
                          AND COALESCE(NULLIF(line.limit_days, 0),
                                       stage.rotting_threshold_days) > 0
                          AND NOT (line.limit_days > 0
                                   AND line.limit_clock = 'planned'
                                   AND EXISTS (
                                     SELECT FROM mail_activity AS activity
                                      WHERE activity.res_model = 'crm.lead'
                                        AND activity.res_id = lead.id
                                        AND activity.active
                                        AND activity.date_deadline >= %(today)s))
                          AND %(condition)s) AS clock
                WHERE started + allowed * interval '1 day' < %(now)s""",
            now=self.env.cr.now(),
            today=fields.Date.context_today(self),
            is_open=self._get_open_sql("lead"),
            condition=condition,
        )

    @api.model
    def _cron_alert_out_of_standard(self):
        """Tell each salesperson, once per stay in a stage, what is out of standard."""
        leads = self.search(
            [
                ("is_rotting", "=", True),
                ("pipeline_stage_id.limit_days", ">", 0),
                ("user_id", "!=", False),
            ]
        ).filtered(
            lambda lead: (
                not lead.limit_alert_date
                or lead.limit_alert_date < lead.date_last_stage_update
            )
        )
        self.env["ir.cron"]._commit_progress(remaining=len(leads))
        for user, batch in leads.grouped("user_id").items():
            run_batch(self.env, _logger, batch, "_notify_out_of_standard", user)
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _notify_out_of_standard(self, user):
        """Send one notification about all these leads to their salesperson, as far as
        that person may read them."""
        self.limit_alert_date = self.env.cr.now()
        reader = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        readable = self.browse(reader._filtered_access("read").ids)
        if not readable:
            return
        user_env = self.env(context=dict(self.env.context, lang=user.lang))
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=user_env._("Opportunities out of standard: %s", len(readable)),
            body=self.env["ir.qweb"]._render(
                "sales_pipeline_plus.out_of_standard_body",
                {"leads": readable.with_env(user_env)},
                lang=user.lang,
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )
