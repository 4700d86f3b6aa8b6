from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

COLUMNS = {
    "crm.lead": ("company_id", "user_id"),
    "res.users": ("active", "company_ids", "group_ids"),
}


class CrmLead(models.Model):
    """Whose activity on a deal is a next action: that of someone who can do it.

    An activity of an archived user, or of one who may not open the deal, is for nobody.
    These are Odoo's own rules for opportunities (company, all documents, own documents)
    and the collaborators; one statement answers for display, search and grouping.
    """

    _inherit = "crm.lead"

    @api.model
    def _get_activity_can_be_done_sql(self):
        """Return a condition on the rows of ``mail_activity``, which are of deals.

        An activity without a responsible is for whoever works on the deal.
        """
        return SQL(
            """(mail_activity.user_id IS NULL OR mail_activity.user_id = %(root)s
                OR EXISTS (
                    SELECT 1
                      FROM crm_lead AS deal
                      JOIN res_users AS doer ON doer.id = mail_activity.user_id
                     WHERE deal.id = mail_activity.res_id
                       AND doer.active
                       AND (deal.company_id IS NULL OR EXISTS (
                            SELECT 1 FROM res_company_users_rel AS works
                             WHERE works.user_id = doer.id
                               AND works.cid = deal.company_id))
                       AND (%(all_documents)s
                            OR %(own_documents)s AND (%(is_own)s))))""",
            root=SUPERUSER_ID,
            all_documents=self._get_doer_is_in_sql(
                "sales_team.group_sale_salesman_all_leads"
            ),
            own_documents=self._get_doer_is_in_sql("sales_team.group_sale_salesman"),
            is_own=SQL(" OR ").join(self._get_deal_is_own_sql()),
            to_flush=[
                self.env[model]._fields[name]
                for model, names in COLUMNS.items()
                for name in names
            ],
        )

    @api.model
    def _get_deal_is_own_sql(self):
        """Return the conditions, on ``deal`` and ``doer``, one of which makes a deal an
        own document.
        """
        return [SQL("deal.user_id IS NULL"), SQL("deal.user_id = doer.id")]

    @api.model
    def _get_doer_is_in_sql(self, group):
        """Return the condition that ``doer`` is in a group, without a query for it."""
        definitions = self.env["res.groups"]._get_group_definitions()
        group_id = definitions.get_id(group)
        return SQL(
            """EXISTS (SELECT 1 FROM res_groups_users_rel AS member
                        WHERE member.uid = doer.id AND member.gid IN %s)""",
            (group_id, *definitions.get_subset_ids([group_id])),
        )
