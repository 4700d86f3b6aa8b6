from odoo import fields, models

from ..change.deal_change import get_plain_values

# What a passage keeps of the opportunity: its fields and those of the opportunity.
KEPT_FIELDS = {
    "pipeline_stage_id": "pipeline_stage_id",
    "amount": "expected_revenue",
    "probability": "probability",
    "date_deadline": "date_deadline",
    "user_id": "user_id",
    "team_id": "team_id",
    "company_id": "company_id",
}


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
        """Return what a passage keeps of each opportunity as it is now, in order."""
        columns = [get_plain_values(self, name) for name in KEPT_FIELDS.values()]
        return [
            dict(zip(KEPT_FIELDS, values, strict=True))
            for values in zip(*columns, strict=True)
        ]

    def _prepare_move(self, **more):
        self.ensure_one()
        date = self.env.cr.now().replace(microsecond=0)
        return {"lead_id": self.id, "date": date, "uid": self.env.uid, **more}
