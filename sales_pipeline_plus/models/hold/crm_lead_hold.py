from odoo import api, fields, models
from odoo.tools import SQL

# How a hold ends so that the opportunity is open again.
WOKEN = ("date", "hand", "moved")


class CrmLeadHold(models.Model):
    """One sleep of an opportunity: a fact, written when it is put on hold.

    Days asleep are no days in a stage. The end is written when it wakes up, or when it
    is won, lost, made a lead, merged or deleted meanwhile.
    """

    _name = "crm.lead.hold"
    _inherit = ["crm.lead.fact"]
    _description = "Hold of an Opportunity"
    _order = "date_start desc, id desc"
    _rec_name = "deal_name"

    date_start = fields.Datetime("Put on Hold On", required=True, readonly=True)
    date_wake_up = fields.Date("Wake-Up Date", readonly=True)
    date_end = fields.Datetime(
        "Hold Ended On", readonly=True, help="Empty as long as it is on hold."
    )
    days = fields.Float(
        "Days on Hold",
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="Empty as long as it is on hold.",
    )
    outcome = fields.Selection(
        [
            ("open", "Still on hold"),
            ("date", "Woken on its date"),
            ("hand", "Woken by hand"),
            ("moved", "Woken by a move"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("lead", "Made a lead again"),
            ("gone", "Deleted or merged"),
        ],
        required=True,
        readonly=True,
        default="open",
        help="How the hold ended.",
    )
    reason_id = fields.Many2one(
        "crm.hold.reason", readonly=True, ondelete="restrict", index=True
    )
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True, ondelete="restrict")
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    amount = fields.Monetary(
        "Expected Revenue", readonly=True, help="When it was put on hold."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="When it was put on hold.",
    )
    user_name = fields.Char("Former Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    team_name = fields.Char("Former Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    held_by_id = fields.Many2one("res.users", string="Put on Hold by", readonly=True)
    held_by_name = fields.Char("Formerly Put on Hold by", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity",
        string="Activity at the Wake-Up",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        exportable=False,
    )

    _date_start_idx = models.Index("(date_start)")
    _date_end_idx = models.Index("(date_end) WHERE date_end IS NOT NULL")
    _former_lead_idx = models.Index("(former_lead_id) WHERE former_lead_id IS NOT NULL")

    @api.model
    def _get_end_values(self):
        """What is deleted does not sleep any more."""
        now = self.env.cr.now().replace(microsecond=0)
        return [
            *super()._get_end_values(),
            SQL(
                """days = COALESCE(fact.days,
                       EXTRACT(EPOCH FROM %s - fact.date_start) / 86400)""",
                now,
            ),
            SQL(
                """outcome = CASE WHEN fact.outcome = 'open' THEN 'gone'
                                  ELSE fact.outcome END"""
            ),
            SQL("date_end = COALESCE(fact.date_end, %s)", now),
        ]

    @api.model
    def _get_running(self, leads):
        """Return {lead id: its hold} of those that are on hold."""
        holds = self.search(
            [
                ("lead_id", "in", leads.ids),
                ("date_end", "=", False),
                ("former_lead_id", "=", False),
            ]
        )
        return {hold.lead_id.id: hold for hold in holds}

    @api.model
    def _get_last(self, leads):
        """Return {lead id: its last hold} of those that have been on hold."""
        holds = self.search(
            [("lead_id", "in", leads.ids), ("former_lead_id", "=", False)], order="id"
        )
        return {hold.lead_id.id: hold for hold in holds}

    @api.model
    def _get_activities(self, leads):
        """Return {lead id: the activity by which it is taken up again} of those where
        one is still planned, also that of an earlier hold that has ended."""
        holds = self.search(
            [
                ("lead_id", "in", leads.ids),
                ("former_lead_id", "=", False),
                ("activity_id.active", "=", True),
            ],
            order="id",
        )
        return {hold.lead_id.id: hold.activity_id for hold in holds}

    @api.model
    def _begin(self, leads):
        """Record that opportunities are on hold now, as they are."""
        return self.create(
            [
                {
                    "lead_id": lead.id,
                    "date_start": lead.date_hold,
                    "date_wake_up": lead.date_wake_up,
                    "reason_id": lead.hold_reason_id.id,
                    "pipeline_id": lead.pipeline_id.id,
                    "stage_id": lead.stage_id.id,
                    "amount": lead.expected_revenue,
                    "user_id": lead.user_id.id,
                    "team_id": lead.team_id.id,
                    "company_id": lead.company_id.id,
                    "held_by_id": self.env.uid,
                }
                for lead in leads
            ]
        )
