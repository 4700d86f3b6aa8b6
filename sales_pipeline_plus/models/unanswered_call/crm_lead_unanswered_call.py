from odoo import fields, models


class CrmLeadUnansweredCall(models.Model):
    """A call about an opportunity that nobody answered: a fact, with its time."""

    _name = "crm.lead.unanswered.call"
    _inherit = ["crm.lead.fact"]
    _description = "Call Without an Answer"
    _order = "date desc, id desc"
    _rec_name = "deal_name"

    date = fields.Datetime("Called On", required=True, readonly=True)
    number = fields.Integer(
        "Call No.",
        readonly=True,
        aggregator=None,
        help="Which one it was of the calls that one activity planned.",
    )
    date_next = fields.Date(
        "Next Call",
        readonly=True,
        help="The day for which the next call was planned; empty after the last one.",
    )
    called_by_id = fields.Many2one("res.users", string="Called by", readonly=True)
    called_by_name = fields.Char("Formerly Called by", readonly=True)
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True, ondelete="restrict")
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="When the call was made.",
    )
    user_name = fields.Char("Former Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    team_name = fields.Char("Former Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity",
        string="Planned Call",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        exportable=False,
    )

    _date_idx = models.Index("(date)")
