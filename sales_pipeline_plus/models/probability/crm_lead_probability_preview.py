from odoo import models

# Context of a preview; what is computed for it is not stored.
PREVIEW = "score_preview"


class CrmLead(models.Model):
    """The probability that opportunities would have in a stage of another pipeline."""

    _inherit = "crm.lead"

    def _get_probabilities_in(self, layout, line):
        """Return {lead: probability that it would have in a stage of a pipeline}.

        :param layout: the :class:`PipelineLayout` of the pipeline
        :param line: the :class:`StageLine` of the stage in that pipeline
        """
        automatic = {}
        following = self.filtered(
            lambda lead: (
                lead.won_status == "pending" and lead.probability_source != "manual"
            )
        )
        if layout.probability_method == "stage":
            automatic = dict.fromkeys(following.ids, line.probability)
        elif following:
            previewed = following._internally(PREVIEW).with_context(
                scored_in_stage_id=line.stage_id
            )
            scored = previewed._pls_get_naive_bayes_probabilities(batch_mode=True)
            # Odoo answers without the tooltip when no lead can be scored.
            automatic = scored[0] if isinstance(scored, tuple) else {}
        return {lead: automatic.get(lead.id, lead.probability) for lead in self}

    def _get_stage_driven_lines(self):
        if self._is_internal(PREVIEW):
            return {}
        return super()._get_stage_driven_lines()

    def _pls_get_lead_pls_values(self, domain=None):
        """Let Odoo's scoring see the stage of the preview."""
        leads_values = super()._pls_get_lead_pls_values(domain=domain)
        if self._is_internal(PREVIEW):
            stage_id = self.env.context["scored_in_stage_id"]
            for lead_values in leads_values.values():
                lead_values["values"] = [
                    ("stage_id", stage_id),
                    *(pair for pair in lead_values["values"] if pair[0] != "stage_id"),
                ]
        return leads_values
