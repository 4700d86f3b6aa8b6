from odoo import api, fields, models


class CrmPipelineRule(models.Model):
    _inherit = "crm.pipeline.rule"

    event = fields.Selection(
        selection_add=[("amount_raised", "Amount raised")],
        ondelete={"amount_raised": "cascade"},
    )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.raised"]


class CrmLeadConcernRaised(models.AbstractModel):
    """Tells the automatic actions that the amount of an opportunity has risen."""

    _name = "crm.lead.concern.raised"
    _inherit = "crm.lead.concern"
    _description = "Raised Amounts of Opportunities"

    def _get_watched_fields(self):
        return {"expected_revenue"}

    def _record(self, change):
        if change.is_creation:
            return
        self.env["crm.pipeline.rule"]._add_occurrences(
            [
                # The key tells one occurrence from the next: once for each amount.
                ("amount_raised", lead.id, f"raised:{lead.expected_revenue}")
                for lead in change.get_changed("expected_revenue")
                if lead.expected_revenue > change.before(lead, "expected_revenue")
            ]
        )
