from odoo.tests import TransactionCase

from odoo.addons.sales_pipeline_plus.tests.common import prepare_user

OWN_DOCUMENTS = "sales_team.group_sale_salesman"
ALL_DOCUMENTS = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


class SalesCampaignCase(TransactionCase):
    """A company in euros, its branch, another one in dollars, and their salespeople."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "tracking_disable": True,
                "no_reset_password": True,
            }
        )
        cls.euro = cls.env.ref("base.EUR")
        cls.dollar = cls.env.ref("base.USD")
        (cls.euro | cls.dollar).active = True
        cls.company, cls.other_company = cls.env["res.company"].create(
            [
                {"name": "Tartempion", "currency_id": cls.euro.id},
                {"name": "Tartempion Inc.", "currency_id": cls.dollar.id},
            ]
        )
        cls.branch = cls.env["res.company"].create(
            {"name": "Tartempion Lyon", "parent_id": cls.company.id}
        )
        users = cls.env["res.users"].create(
            [
                cls._prepare_user("team_leader", OWN_DOCUMENTS),
                cls._prepare_user("salesman", OWN_DOCUMENTS),
                cls._prepare_user("colleague", OWN_DOCUMENTS),
                cls._prepare_user("all_documents", ALL_DOCUMENTS),
                cls._prepare_user("manager", MANAGER),
                cls._prepare_user("foreigner", MANAGER, cls.other_company),
            ]
        )
        cls.team_leader, cls.salesman, cls.colleague = users[:3]
        cls.all_documents, cls.manager, cls.foreigner = users[3:]
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Machines",
                "company_id": cls.company.id,
                "user_id": cls.team_leader.id,
            }
        )
        cls.lead_stage = cls.env["crm.stage"].create({"name": "Camp. offer"})
        cls.won_stage = cls.env["crm.stage"].create(
            {"name": "Camp. signed", "is_won": True, "sequence": 100}
        )

    @classmethod
    def _new_user(cls, login, groups, company=None):
        return cls.env["res.users"].create(cls._prepare_user(login, groups, company))

    @classmethod
    def _prepare_user(cls, login, groups, company=None):
        """Return the values of a user."""
        return prepare_user(
            cls.env, f"campaign_{login}", groups, company or cls.company
        )

    @classmethod
    def _new_campaign(cls, user=None, **vals):
        """Create a campaign as `user`, by default the salesman."""
        user = user or cls.salesman
        campaigns = cls.env["sales.campaign"].with_user(user)
        return campaigns.create({"title": "Trade show", **vals})

    @classmethod
    def _new_opportunity(cls, campaign, revenue, state="open", **vals):
        """Create an opportunity of `campaign` that is open, won, lost or archived."""
        lead = cls.env["crm.lead"].create(
            {
                "name": f"Opportunity of {revenue}",
                "type": "opportunity",
                "campaign_id": campaign.utm_campaign_id.id,
                "expected_revenue": revenue,
                "user_id": cls.colleague.id,
                "company_id": cls.company.id,
                **vals,
            }
        )
        if state == "won":
            lead.action_set_won()
        elif state == "lost":
            lead.action_set_lost()
        elif state == "archived":
            lead.action_archive()
        return lead
