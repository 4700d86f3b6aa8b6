from odoo import api, fields, models
from odoo.tools import SQL


class CrmPipelineRuleLog(models.Model):
    """What an automatic action planned on an opportunity, once for each occurrence.

    The constraint, not a search before, sees to it: the transaction that comes second
    inserts nothing.
    """

    _name = "crm.pipeline.rule.log"
    _inherit = ["crm.lead.fact"]
    _description = "Launched Automatic Action"
    _order = "date desc, id desc"
    _rec_name = "summary"

    rule_id = fields.Many2one(
        "crm.pipeline.rule",
        string="Automatic Action",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    occurrence = fields.Char(
        required=True, readonly=True, help="What launched the action, once."
    )
    event = fields.Selection(related="rule_id.event")
    date = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("skipped", "Nothing to plan")],
        required=True,
        readonly=True,
    )
    summary = fields.Char(
        "Planned", readonly=True, help="The activities with their persons and dates."
    )

    user_id = fields.Many2one(
        "res.users",
        string="Former Salesperson",
        readonly=True,
        ondelete="set null",
        help="The salesperson of an opportunity that was deleted.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Former Company",
        readonly=True,
        ondelete="set null",
        help="The company of an opportunity that was deleted.",
    )

    _once = models.Constraint(
        "UNIQUE(rule_id, lead_id, occurrence)",
        "An automatic action is launched only once for each event.",
    )

    @api.depends("summary")
    def _compute_display_name(self):
        for log in self:
            log.display_name = log.summary

    @api.model
    def _get_end_values(self):
        """Who may see it is still known."""
        return [
            *super()._get_end_values(),
            SQL("user_id = lead.user_id"),
            SQL("company_id = lead.company_id"),
        ]

    @api.model
    def _get_taken_over_sql(self, leads):
        """The survivor keeps its own where both had the same; the action is not
        launched again for what the merged opportunity had."""
        return SQL(
            """NOT EXISTS (
                SELECT FROM crm_pipeline_rule_log AS other
                 WHERE other.rule_id = fact.rule_id
                   AND other.occurrence = fact.occurrence
                   AND (other.lead_id = survivor.id
                        OR other.lead_id = ANY(%s) AND other.id < fact.id))""",
            leads.ids,
        )

    @api.model
    def _claim(self, rule, entries, state="planned"):
        """Log what the rule launches and return the ids of the leads that are the
        first to do so.

        :param entries: {lead id: (key of the occurrence, summary)}
        :rtype: list of int
        """
        if not entries:
            return []
        now = self.env.cr.now()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                rule.id,
                lead_id,
                key,
                state,
                summary or None,
                now,
                self.env.uid,
                now,
                self.env.uid,
                now,
            )
            for lead_id, (key, summary) in entries.items()
        ]
        inserted = self.env.execute_query(
            SQL(
                """INSERT INTO crm_pipeline_rule_log
                          (rule_id, lead_id, occurrence, state, summary, date,
                           create_uid, create_date, write_uid, write_date)
                   VALUES %s
              ON CONFLICT (rule_id, lead_id, occurrence) DO NOTHING
                RETURNING lead_id""",
                SQL(", ").join(rows),
            )
        )
        self.env["crm.lead"].browse(entries).invalidate_recordset(
            ["rule_log_ids", "rule_log_count"], flush=False
        )
        return [lead_id for (lead_id,) in inserted]
