from odoo import fields, models


class CrmPipeline(models.Model):
    """How a pipeline deals with opportunities without a next action."""

    _inherit = "crm.pipeline"

    next_action_policy = fields.Selection(
        [
            ("off", "Nothing happens"),
            ("warn", "Warn the salesperson"),
            ("block", "Ask for it before a move"),
        ],
        string="Without Next Action",
        required=True,
        default="warn",
        tracking=True,
        help="What happens when an open opportunity without a planned action moves to "
        "another open stage of this pipeline, or when its last action is done. Warn: "
        "the salesperson is offered to plan the next action. Ask: the opportunity does "
        "not move before an action is planned; sales managers can give a reason "
        "instead. Winning and losing are always possible. Automatic moves and moves "
        "from another pipeline are marked on the opportunity, never refused.",
    )

    def _prepare_layout(self):
        return (
            super()
            ._prepare_layout()
            ._replace(next_action_policy=self.next_action_policy)
        )
