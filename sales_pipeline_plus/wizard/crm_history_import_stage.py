from odoo import fields, models
from odoo.exceptions import UserError


class CrmHistoryImportStage(models.TransientModel):
    """What the name of a stage in a file means here."""

    _name = "crm.history.import.stage"
    _inherit = ["crm.dialog.mixin"]
    _description = "Stage of an Imported History"
    _order = "id"

    import_id = fields.Many2one(
        "crm.history.import", required=True, ondelete="cascade", index=True
    )
    source_name = fields.Char("In the File", required=True, readonly=True)
    change_count = fields.Integer("Times", readonly=True)
    meaning = fields.Selection(
        [
            ("stage", "Is the stage"),
            ("won", "Means that it was won"),
            ("lost", "Means that it was lost"),
            ("ignore", "Is left out"),
        ],
        string="What It Is",
        required=True,
        default="ignore",
    )
    stage_id = fields.Many2one("crm.stage", ondelete="cascade")

    def _check_stage(self):
        for line in self:
            if line.meaning == "stage" and not line.stage_id:
                raise UserError(
                    line.env._(
                        "Choose the stage that “%s” is, or leave it out.",
                        line.source_name,
                    )
                )
