from odoo import fields, models


class CrmLead(models.Model):
    """Records each stay in a stage, on every way to move."""

    _inherit = "crm.lead"

    passage_ids = fields.One2many(
        "crm.lead.passage", "lead_id", string="Stays in Stages", readonly=True
    )

    def _get_passage_state(self):
        """Return what makes a passage end when it changes."""
        self.ensure_one()
        return {
            "type": self.type,
            "pipeline_id": self.pipeline_id.id,
            "stage_id": self.stage_id.id,
            "won_status": self._get_won_status(),
        }

    def _prepare_passage_values(self):
        """Return what a passage keeps of the opportunity as it is now."""
        self.ensure_one()
        return {
            "pipeline_stage_id": self.pipeline_stage_id.id,
            "amount": self.expected_revenue,
            "probability": self.probability,
            "date_deadline": self.date_deadline,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _prepare_move(self, **more):
        self.ensure_one()
        date = self.env.cr.now().replace(microsecond=0)
        return {"lead_id": self.id, "date": date, "uid": self.env.uid, **more}
