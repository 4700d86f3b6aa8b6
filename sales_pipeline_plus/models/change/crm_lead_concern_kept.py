from odoo import api, models
from odoo.exceptions import AccessError

from .deal_change import get_plain


class CrmLeadConcernKept(models.AbstractModel):
    """What is kept by itself is nobody's to give: facts, marks and what is computed.

    In Odoo ``readonly`` binds the form only.
    """

    _name = "crm.lead.concern.kept"
    _inherit = "crm.lead.concern"
    _description = "Kept Fields of Changing Opportunities"

    def _get_watched_fields(self):
        return self.env["crm.lead"]._get_kept_fields()

    def _get_known_fields(self, affected):
        return set()

    def _complete_create(self, change, vals_list):
        return [self._without_kept(vals, self.env["crm.lead"]) for vals in vals_list]

    def _complete_write(self, change, vals):
        return self._without_kept(vals, change.leads)

    def _without_kept(self, vals, leads):
        """Return the values without those that are there already.

        :raise AccessError: naming the fields that somebody wants to give
        """
        names = leads._get_kept_fields() & vals.keys()
        if not names or leads._is_automatic_move():
            return vals
        given = [
            name
            for name in sorted(names)
            if (not leads and vals[name])
            or any(self._is_other(lead, name, vals[name]) for lead in leads.sudo())
        ]
        if given:
            raise AccessError(
                self.env._(
                    "These fields of an opportunity are kept by themselves and cannot "
                    "be given: %s. Leave them out.",
                    ", ".join(leads._get_field_labels(given)),
                )
            )
        return {name: value for name, value in vals.items() if name not in names}

    @api.model
    def _is_other(self, lead, name, value):
        present = get_plain(lead, name) or None
        return present != (lead._fields[name].convert_to_cache(value, lead) or None)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_kept_fields(self):
        """Return the names of the fields that only our own code writes."""
        return frozenset(
            {
                "advance_count",
                "first_decision_date",
                "incomplete_since",
                "is_slip_unknown",
                "kept_pipeline_properties",
                "last_decision_date",
                "last_places",
                "limit_alert_date",
                "moved_without_action_date",
                "pipeline_stage_id",
                "postponement_count",
                "qualification_score",
                "slip_days",
                "won_status",
            }
        )
