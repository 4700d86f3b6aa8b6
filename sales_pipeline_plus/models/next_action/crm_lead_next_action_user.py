from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

COLUMNS = {
    "crm.lead": ("company_id", "user_id"),
    "mail.activity": ("activity_type_id",),
    "res.company": ("active",),
    "res.users": ("active", "company_ids", "group_ids"),
}


class CrmLead(models.Model):
    """Whose activity on a deal is a next action: that of someone who can do it.

    An activity of an archived user, or of one who may not open the deal, is for nobody.
    These are Odoo's own rules for opportunities (company, all documents, own documents)
    and the collaborators; one statement answers for display, search and grouping.
    Nobody works in an archived company.
    """

    _inherit = "crm.lead"

    @api.model
    def _get_activities_sql(self):
        """Return what to select the activities of deals from, with the condition of
        those that count.

        An activity without a responsible is for whoever works on the deal. The users
        are few: what they may is asked once. A deal is looked at only for those who do
        not see all of them.
        """
        return SQL(
            """mail_activity
            LEFT JOIN (SELECT doer.id, works.company_ids,
                              %(all_documents)s AS has_all,
                              %(own_documents)s AS has_own,
                              %(all_documents)s AND NOT EXISTS (
                                SELECT FROM res_company
                                 WHERE res_company.id <> ALL(works.company_ids)
                                   AND (res_company.active OR EXISTS (
                                     SELECT FROM crm_lead AS deal
                                      WHERE deal.company_id = res_company.id))
                              ) AS sees_all
                         FROM res_users AS doer
                   CROSS JOIN LATERAL (
                              SELECT ARRAY(
                                SELECT cid FROM res_company_users_rel AS works
                                  JOIN res_company ON res_company.id = cid
                                                  AND res_company.active
                                 WHERE works.user_id = doer.id) AS company_ids
                              ) AS works
                        WHERE doer.active
                       OFFSET 0) AS doer
                   ON doer.id = mail_activity.user_id
                WHERE mail_activity.res_model = 'crm.lead'
                  AND mail_activity.active
                  AND COALESCE(mail_activity.activity_type_id, 0) <> ALL(%(within)s)
                  AND (mail_activity.user_id IS NULL
                       OR mail_activity.user_id = %(root)s
                       OR doer.sees_all
                       OR (doer.has_all OR doer.has_own) AND EXISTS (
                         SELECT FROM crm_lead AS deal
                          WHERE deal.id = mail_activity.res_id
                            AND (deal.company_id IS NULL
                                 OR deal.company_id = ANY(doer.company_ids))
                            AND (doer.has_all OR %(is_own)s)))""",
            root=SUPERUSER_ID,
            within=self.env["mail.activity.type"]._get_types_within_house().ids,
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
