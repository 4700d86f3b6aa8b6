import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.jobs import run_batch
from .res_partner_category import SALESPERSON

_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    """Reminds those in charge of neglected customers, once per period.

    What they may read counts: who spoke with a customer on a hidden opportunity may
    not be known to them, and the reminder is theirs.
    """

    _inherit = "res.partner"

    care_reminder_date = fields.Date(
        "Last Reminder of Care",
        readonly=True,
        copy=False,
        groups=SALESPERSON,
        help="When somebody was last reminded that the customer is neglected.",
    )
    care_activity_id = fields.Many2one(
        "mail.activity",
        string="Activity of the Last Reminder",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        exportable=False,
        groups=SALESPERSON,
    )

    @api.model
    def _cron_remind_of_care(self):
        """One person after the other, committed one by one."""
        commit_progress = self.env["ir.cron"]._commit_progress
        due = self._get_care_due()
        commit_progress(remaining=len(due))
        for user, company_ids in due.items():
            run_batch(self.env, _logger, user, "_remind_of_care", company_ids)
            if not commit_progress(1):
                break

    @api.model
    def _get_care_due(self):
        """Return {user: ids of the companies of which they may be reminded today}: they
        are in charge and work in sales, and neither was the last reminder within the
        period nor is its activity still open."""
        self.env.flush_all()
        salespeople = self.env.ref(SALESPERSON).sudo().all_user_ids
        rows = self.env.execute_query(
            SQL(
                """WITH customer AS (%(customers)s),
                        dealer AS (
                     SELECT DISTINCT ON (person.commercial_partner_id)
                            person.commercial_partner_id AS id, lead.user_id
                       FROM crm_lead AS lead
                       JOIN res_partner AS person ON person.id = lead.partner_id
                      WHERE lead.user_id = ANY(%(people)s) AND lead.active
                        AND lead.type = 'opportunity'
                        AND lead.won_status = 'pending'
                   ORDER BY person.commercial_partner_id, lead.id DESC)
                   SELECT COALESCE(salesperson.id, dealer.user_id, other.id) AS person,
                          array_agg(company.id ORDER BY company.id)
                     FROM customer
                     JOIN res_partner AS company ON company.id = customer.id
                     JOIN res_partner_category AS category
                       ON category.id = customer.category_id
                LEFT JOIN res_users AS salesperson
                       ON salesperson.id = company.user_id
                      AND salesperson.id = ANY(%(people)s)
                LEFT JOIN dealer ON dealer.id = company.id
                LEFT JOIN res_users AS other
                       ON other.id = category.contact_user_id
                      AND other.id = ANY(%(people)s)
                LEFT JOIN mail_activity AS activity
                       ON activity.id = company.care_activity_id AND activity.active
                    WHERE company.active
                      AND category.contact_reminder != 'none'
                      AND activity.id IS NULL
                      AND COALESCE(company.care_reminder_date + customer.days
                                   <= %(today)s, TRUE)
                 GROUP BY person""",
                customers=self._get_limited_customers_sql(None),
                people=salespeople.filtered("active").ids,
                today=fields.Date.today(),
            )
        )
        users = self.env["res.users"].sudo()
        return {users.browse(row[0]): row[1] for row in rows if row[0]}

    def _get_care_categories(self):
        """Return {company's id: the tag whose days count}."""
        rows = self.env.execute_query(self._get_limited_customers_sql(self.ids))
        categories = self.env["res.partner.category"].sudo()
        return {row[0]: categories.browse(row[1]) for row in rows}

    def _describe_neglect(self):
        """Return what is said of a neglected customer."""
        if not self.care_last_date:
            return self.env._("No contact yet")
        return self.env._("No contact for %s days", self.care_days_since)
