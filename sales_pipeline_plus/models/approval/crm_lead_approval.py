from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadApproval(models.Model):
    """That somebody asked to move an opportunity into a stage, and what was answered.

    A fact: it is written when it is asked for and when that ends. What came into a
    restricted stage by itself is recorded here, too.
    """

    _name = "crm.lead.approval"
    _inherit = ["crm.lead.fact"]
    _description = "Approval of a Move"
    _order = "date_requested desc, id desc"
    _rec_name = "deal_name"

    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("moot", "Void"),
            ("lapsed", "Lapsed"),
            ("automatic", "Entered by itself"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        help="Void: the opportunity was moved elsewhere, closed, merged, archived or "
        "deleted meanwhile. Lapsed: everybody may move it there now, or the stage is "
        "none of its pipeline any more. Entered by itself: a machine moved it, nobody "
        "was asked.",
    )
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True, ondelete="restrict")
    from_stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    stage_id = fields.Many2one(
        "crm.stage",
        string="Stage Asked For",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    amount = fields.Monetary(
        "Expected Revenue", readonly=True, help="When it was asked for."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    reason = fields.Text(readonly=True)
    requested_by_id = fields.Many2one("res.users", readonly=True)
    requested_by_name = fields.Char("Formerly Requested by", readonly=True)
    date_requested = fields.Datetime("Requested On", required=True, readonly=True)
    approver_id = fields.Many2one("res.users", readonly=True)
    approver_name = fields.Char("Formerly Asked", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_by_name = fields.Char("Formerly Decided by", readonly=True)
    date_decided = fields.Datetime("Ended On", readonly=True)
    answer = fields.Text(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="When it was asked for.",
    )
    user_name = fields.Char("Former Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity",
        string="Activity of the Approver",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        exportable=False,
    )

    _waiting_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'waiting'",
        "An opportunity waits for one approval at a time.",
    )
    _former_lead_idx = models.Index("(former_lead_id) WHERE former_lead_id IS NOT NULL")

    @api.model
    def _get_end_values(self):
        """What is deleted waits for nothing."""
        now = self.env.cr.now().replace(microsecond=0)
        return [
            *super()._get_end_values(),
            SQL(
                """state = CASE WHEN fact.state = 'waiting' THEN 'moot'
                                ELSE fact.state END"""
            ),
            SQL("date_decided = COALESCE(fact.date_decided, %s)", now),
        ]

    @api.model
    def _get_waiting(self, leads):
        """Return those that these opportunities wait for; one each at most."""
        return self.search([("lead_id", "in", leads.ids), ("state", "=", "waiting")])

    @api.model
    def _prepare(self, lead, stage, **values):
        """Return the values of a fact about an opportunity as it is."""
        lead = lead.sudo()
        return {
            "lead_id": lead.id,
            "pipeline_id": lead.pipeline_id.id,
            "from_stage_id": lead.stage_id.id,
            "stage_id": stage.id,
            "amount": lead.expected_revenue,
            "requested_by_id": self.env.uid,
            "date_requested": self.env.cr.now().replace(microsecond=0),
            "user_id": lead.user_id.id,
            "company_id": lead.company_id.id,
            **values,
        }
