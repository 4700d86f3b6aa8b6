from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestChange(PipelineCase):
    """The one place that sees a deal change."""

    def _see(self, *watched):
        """Add a concern, as another addon does, and return what it is told."""
        seen = []

        class CrmLeadConcernWitness(models.AbstractModel):
            _name = "crm.lead.concern.witness"
            _inherit = "crm.lead.concern"
            _description = "Tells What It Sees"
            _module = "sales_pipeline_plus"

            def _get_watched_fields(self):
                return set(watched)

            def _complete_write(self, change, vals):
                if vals.get("referred") == "me":
                    vals = dict(vals, referred="Ann")
                return vals

            def _check(self, change):
                if any(lead.referred == "nobody" for lead in change.leads):
                    raise UserError("Nobody refers to anybody")  # pylint: disable=translation-required

            def _record(self, change):
                seen.append(
                    (
                        change.is_creation,
                        {
                            lead: {
                                name: (change.before(lead, name), lead[name])
                                for name in watched
                                if change.has_changed(lead, name)
                            }
                            for lead in change.leads
                        },
                    )
                )

        witness = CrmLeadConcernWitness
        leads = self.registry["crm.lead"]
        get_concerns = leads._get_concerns

        def _get_concerns(self):
            return [*get_concerns(self), witness._name]

        self.patch(leads, "_get_concerns", _get_concerns)
        return seen, witness
