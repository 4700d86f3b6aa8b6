from odoo import models

from ...tools.arguments import check_records


class CrmTarget(models.Model):
    """Sharing a target out downwards."""

    _inherit = "crm.target"

    def action_share_out(self):
        """Open the dialog that shares the target out."""
        check_records(self)
        self.ensure_one()
        self.check_access("write")
        share = self.env["crm.target.share"].create(
            {
                "target_id": self.id,
                "period_type": "keep" if self.period_type == "month" else "month",
                "owner_type": "keep"
                if self.period_type != "month"
                else "salesperson"
                if self.team_id
                else "team",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share out a target"),
            "res_model": share._name,
            "res_id": share.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }
