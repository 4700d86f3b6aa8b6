from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date
from odoo.tools.urls import urljoin

from .crm_lead_review import REVIEW_STATES

# Neglected is what the weekly review lists before what is on track, in its order.
NEGLECTED = REVIEW_STATES[:-1]
SHOWN = 20


class CrmNeglectedMail(models.Model):
    """What stands in the mail: the deals of its recipient, as that person sees them."""

    _inherit = "crm.neglected.mail"

    # ------------------------------------------------------------
    # Contents
    # ------------------------------------------------------------

    def _get_env_of_recipient(self):
        """Return an environment with the recipient's own rights in that company only,
        his language and time zone."""
        user = self.user_id
        return self.env(
            user=user,
            su=False,
            context={
                "allowed_company_ids": self.company_id.ids,
                "lang": user.lang,
                "tz": user.tz or "UTC",
            },
        )

    def _get_sections(self):
        """Return the neglected deals: the recipient's own, then those of his teams.

        :return: list of dicts with ``title``, ``url``, ``count``, ``more`` (how many
            are not shown), ``deals``
        """
        env = self._get_env_of_recipient()
        if not env["crm.lead"].has_access("read"):
            return []
        companies = self.company_id.ids
        if self.company_id == self.user_id.company_id:
            # Deals of no company come with the recipient's main company only.
            companies = [*companies, False]
        domain = self.env["crm.lead"]._get_open_opportunity_domain()
        domain &= Domain("company_id", "in", companies)
        own = Domain("user_id", "=", self.user_id.id)
        led = Domain("team_id.user_id", "=", self.user_id.id)
        sections = []
        for title, action, condition, is_team in (
            (
                env._("Your opportunities"),
                "crm_lead_action_neglected",
                own,
                False,
            ),
            (
                env._("Opportunities of your team"),
                "crm_lead_action_neglected_team",
                led & ~own,
                True,
            ),
        ):
            leads, count = self._find_neglected(env["crm.lead"], domain & condition)
            if not count:
                continue
            sections.append(
                {
                    "title": title,
                    "url": self._get_url(f"/odoo/action-sales_pipeline_plus.{action}"),
                    "count": count,
                    "more": count - len(leads),
                    "deals": [self._describe(lead, is_team) for lead in leads],
                }
            )
        return sections

    @api.model
    def _find_neglected(self, leads, domain):
        """Return the most urgent deals, the biggest first, and how many there are."""
        domain &= Domain("review_state", "in", NEGLECTED)
        found = leads.search(
            domain, order="review_state, expected_revenue desc, id", limit=SHOWN
        )
        return found, leads.search_count(domain)

    def _describe(self, lead, with_owner):
        """Return what the mail shows of a deal, as plain values."""
        env = lead.env
        reasons = []
        if lead.next_action_state == "missing":
            reasons.append((env._("No next action"), "#B02A37"))
        elif lead.next_action_state == "overdue":
            date = format_date(env, lead.next_action_date)
            reasons.append((env._("Action overdue since %s", date), "#B02A37"))
        if lead.is_rotting:
            reasons.append(
                (env._("Days in this stage: %s", lead.rotting_days), "#8A5A00")
            )
        if lead.deal_status == "late":
            date = format_date(env, lead.date_deadline)
            reasons.append((env._("Closing expected on %s", date), "#8A5A00"))
        details = [lead.partner_id.sudo().display_name or lead.partner_name]
        details.append(lead.stage_id.name)
        if with_owner:
            details.append(lead.user_id.sudo().name or env._("No salesperson"))
        return {
            "name": lead.display_name,
            "url": self._get_url(f"/odoo/crm.lead/{lead.id}"),
            "amount": lead.expected_revenue
            and format_amount(env, lead.expected_revenue, lead.company_currency),
            "details": " · ".join(detail for detail in details if detail),
            "reasons": reasons,
        }

    def _get_url(self, path):
        return urljoin(self.company_id.get_base_url(), path)
