from odoo import api, models

# Fields of this addon and of Odoo that nobody groups by: flags of machines, copies of
# what another field says, and addresses as computers write them.
TECHNICAL_FIELDS = frozenset(
    {
        "activity_exception_decoration",
        "automated_probability",
        "color",
        "company_currency",
        "date_automation_last",
        "email_domain_criterion",
        "email_normalized",
        "email_state",
        "iap_enrich_done",
        "incomplete_since",
        "is_automated_probability",
        "lang_code",
        "last_decision_date",
        "lead_mining_request_id",
        "limit_alert_date",
        "message_bounce",
        "message_main_attachment_id",
        "moved_without_action_date",
        "phone_sanitized",
        "phone_state",
        "pipeline_probability_method",
        "pipeline_stage_id",
        "reopening_policy",
        "reveal_id",
        "stage_id_color",
        "won_pipeline_id",
    }
)


class CrmLead(models.Model):
    """What the search menu of deals offers."""

    _inherit = "crm.lead"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Technical fields are not offered to group by; other programs still can."""
        result = super().fields_get(allfields, attributes)
        for name in TECHNICAL_FIELDS & result.keys():
            if "groupable" in result[name]:
                result[name]["groupable"] = False
        return result

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, *self._get_unused_properties(view_type))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer the properties of teams, or of pipelines, where there are any."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for name in self._get_unused_properties(view_type):
            for node in arch.xpath(
                "//field[@name=$name] | //filter[@name=$filter]",
                name=name,
                filter=f"group_by_{name}",
            ):
                node.getparent().remove(node)
        return arch, view

    @api.model
    def _get_unused_properties(self, view_type):
        """Return the fields of properties that a search view need not offer."""
        if view_type != "search":
            return []
        layouts = self.env["crm.pipeline"]._get_layout().pipelines.values()
        teams = self.env["crm.team"].sudo()
        unused = []
        if not any(layout.property_names for layout in layouts):
            unused.append("pipeline_properties")
        if not any(team.lead_properties_definition for team in teams.search([])):
            unused.append("lead_properties")
        return unused
