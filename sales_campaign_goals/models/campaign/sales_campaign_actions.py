from odoo import models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records
from odoo.addons.sales_pipeline_plus.tools.texts import with_colon


class SalesCampaign(models.Model):
    """The ways from a campaign to its opportunities and companies."""

    _inherit = "sales.campaign"

    def action_view_opportunities(self):
        """Open the opportunities counted in the totals, as far as the user may."""
        check_records(self)
        return self._get_opportunity_action(self.env._("Opportunities"))

    def action_view_won_opportunities(self):
        """Open the won opportunities."""
        check_records(self)
        return self._get_opportunity_action(self.env._("Won Opportunities"), "won")

    def action_view_lost_opportunities(self):
        """Open the lost opportunities."""
        check_records(self)
        return self._get_opportunity_action(self.env._("Lost Opportunities"), "lost")

    def action_view_leads(self):
        """Open the leads that are not opportunities yet."""
        check_records(self)
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        action.update(
            name=self.env._("Leads: %s", self.title),
            display_name=self.env._("Leads: %s", self.title),
            domain=list(
                Domain("type", "=", "lead")
                & self.env["crm.lead"]._get_campaign_domain(self)
                & self._get_company_domain()
            ),
            context={**self._get_lead_defaults(), "default_type": "lead"},
        )
        return action

    def action_new_opportunity(self):
        """Open the form of a new opportunity that belongs to this campaign."""
        check_records(self)
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Opportunity: %s", self.title),
            "res_model": "crm.lead",
            "view_mode": "form",
            "context": self._get_lead_defaults(),
        }

    def action_add_company_met(self):
        """Open the dialog that notes the companies met, one after the other."""
        check_records(self)
        self.ensure_one()
        return self.env["sales.campaign.meet"]._open(self)

    def _get_opportunity_action(self, name, won_status=None):
        self.ensure_one()
        domain = self._get_opportunity_domain()
        if won_status:
            domain &= Domain("won_status", "=", won_status)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        action.update(
            name=with_colon(self.env, name, self.title),
            display_name=with_colon(self.env, name, self.title),
            domain=list(domain),
            context={**self._get_lead_defaults(), "active_test": False},
            view_mode="list,kanban,graph,pivot,calendar,form,activity",
            views=[
                (False, view)
                for view in (
                    "list",
                    "kanban",
                    "graph",
                    "pivot",
                    "calendar",
                    "form",
                    "activity",
                )
            ],
        )
        return action

    def _get_lead_defaults(self):
        """Default values of an opportunity created from this campaign."""
        self.ensure_one()
        defaults = {
            "default_type": "opportunity",
            "default_campaign_id": self.utm_campaign_id.id,
        }
        if self.company_id:
            defaults["default_company_id"] = self.company_id.id
        if self.team_id:
            defaults["default_team_id"] = self.team_id.id
        return defaults
