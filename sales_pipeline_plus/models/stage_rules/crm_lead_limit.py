import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

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
            "date_hold",
            "pipeline_stage_id.limit_days",
            "pipeline_stage_id.limit_clock",
            "activity_ids.date_deadline",
            "message_ids",
        ]

    def _get_rotting_domain(self):
        """Leads with a limit of their own count, with or without Odoo's threshold."""
        own = Domain("pipeline_stage_id.limit_days", ">", 0)
        open_deal = self._get_open_opportunity_domain()
        return (super()._get_rotting_domain() | own) & open_deal

    @api.depends(lambda self: self._get_rotting_depends_fields())
    def _compute_rotting(self):
        # Odoo's computation and its search disagree (the search forgets what is older
        # than 12 months), so neither is called.
        days = {}
        if self._origin and self._is_rotting_feature_enabled():
            query = Query(self.env, self._table, self._table_sql)
            query.add_where(
                SQL("%s IN %s", SQL.identifier(query.table, "id"), self._origin._ids)
            )
            query.add_where(self._get_rotting_sql(query.table, query))
            started = self._get_clock_start_sql(query.table, query)
            days = dict(
                self.env.execute_query(
                    query.select(
                        SQL.identifier(query.table, "id"),
                        SQL(
                            "EXTRACT(DAY FROM %s - %s)::integer",
                            self.env.cr.now(),
                            started,
                        ),
                    )
                )
            )
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
        negation = SQL() if True in wanted else SQL("NOT")
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s", negation, model._get_rotting_sql(alias, query)
            )
        )

    def _get_rotting_sql(self, alias, query):
        """Return the SQL condition of what is out of standard, never NULL."""
        if not self._is_rotting_feature_enabled():
            return SQL("FALSE")
        return SQL(
            "(%s AND %s)",
            self._get_open_opportunity_sql(alias, query),
            self._get_over_limit_sql(alias, query),
        )

    def _get_over_limit_sql(self, alias, query):
        """Return the SQL condition by which an open opportunity is out of standard,
        never NULL."""
        if not self._is_rotting_feature_enabled():
            return SQL("FALSE")
        to_line_sql = self._join_for_limit("pipeline_stage_id", alias, query)
        to_stage_sql = self._join_for_limit("stage_id", alias, query)
        return SQL(
            """(COALESCE(NULLIF(%(limit_days)s, 0), %(threshold)s) > 0
                AND %(started)s
                    + COALESCE(NULLIF(%(limit_days)s, 0), %(threshold)s)
                      * interval '1 day' < %(now)s
                AND NOT (%(limit_days)s > 0
                         AND %(clock)s = 'planned'
                         AND EXISTS (
                           SELECT FROM mail_activity AS activity
                            WHERE activity.res_model = 'crm.lead'
                              AND activity.res_id = %(id)s
                              AND activity.active
                              AND COALESCE(activity.activity_type_id, 0)
                                  <> ALL(%(within)s)
                              AND activity.date_deadline >= %(today)s))) IS TRUE""",
            limit_days=to_line_sql("limit_days"),
            threshold=to_stage_sql("rotting_threshold_days"),
            started=self._get_clock_start_sql(alias, query),
            clock=to_line_sql("limit_clock"),
            id=SQL.identifier(alias, "id"),
            now=self.env.cr.now(),
            today=fields.Date.context_today(self),
            within=self.env["mail.activity.type"]._get_types_within_house().ids,
            to_flush=self.env["mail.activity"]._fields["date_deadline"],
        )

    def _get_clock_start_sql(self, alias, query):
        """Return the SQL of the moment from which the days in the stage count."""
        to_line_sql = self._join_for_limit("pipeline_stage_id", alias, query)
        return SQL(
            """GREATEST(
                 COALESCE(%(last_move)s, %(create_date)s),
                 CASE WHEN %(limit_days)s > 0 AND %(clock)s = 'last_activity'
                      THEN (SELECT max(message.date)
                              FROM mail_message AS message
                             WHERE message.model = 'crm.lead'
                               AND message.res_id = %(id)s
                               AND message.mail_activity_type_id IS NOT NULL)
                 END)""",
            last_move=self._field_to_sql(alias, "date_last_stage_update", query),
            create_date=self._field_to_sql(alias, "create_date", query),
            limit_days=to_line_sql("limit_days"),
            clock=to_line_sql("limit_clock"),
            id=SQL.identifier(alias, "id"),
            to_flush=self.env["mail.message"]._fields["date"],
        )

    def _join_for_limit(self, field_name, alias, query):
        """Join the record that a field refers to; return the function to its SQL."""
        model, joined = self._fields[field_name].join(self.sudo(), alias, query)
        return lambda name: model._field_to_sql(joined, name, query)

    @api.model
    def _cron_alert_out_of_standard(self):
        """Tell each salesperson, once per stay in a stage, what is out of standard."""
        leads = self.search_fetch(
            [
                ("is_rotting", "=", True),
                ("pipeline_stage_id.limit_days", ">", 0),
                ("user_id", "!=", False),
            ],
            ["limit_alert_date", "date_last_stage_update", "user_id"],
        ).filtered(
            lambda lead: (
                not lead.limit_alert_date
                or lead.limit_alert_date < lead.date_last_stage_update
            )
        )
        # A commit empties the cache.
        batches = leads.grouped("user_id")
        self.env["ir.cron"]._commit_progress(remaining=len(leads))
        for user, batch in batches.items():
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
