from odoo import fields, models


class CrmPipeline(models.Model):
    """What happens to the opportunities that are lost in a pipeline."""

    _inherit = "crm.pipeline"

    reopening_policy = fields.Selection(
        [
            ("allowed", "Salesperson can reopen"),
            ("manager", "Manager can reopen"),
            ("forbidden", "Never reopened"),
        ],
        string="Lost Opportunities",
        required=True,
        default="manager",
        tracking=True,
        help="Whether an opportunity that was lost in this pipeline can be opened "
        "again. Salesperson can reopen: as in Odoo. Manager can reopen: sales managers "
        "only, with a reason that is logged. Never reopened: nobody can, as long as "
        "this is chosen. A new attempt, a fresh opportunity linked to the lost one, is "
        "always possible; the stage where the first one was lost stays in the figures.",
    )
    lost_reason_required = fields.Boolean(
        tracking=True,
        help="An opportunity of this pipeline cannot be lost without a lost reason.",
    )

    def _prepare_layout(self):
        return (
            super()
            ._prepare_layout()
            ._replace(
                reopening_policy=self.reopening_policy,
                lost_reason_required=self.lost_reason_required,
            )
        )
