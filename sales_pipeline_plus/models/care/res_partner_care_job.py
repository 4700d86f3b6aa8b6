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
        """Return {user: ids of the companies of which they may be reminded today}.

        They are in charge, work in sales and were reminded of none today yet, and
        neither was the last reminder within the period nor is its activity still open.
        A day is that of the one in charge.
        """
        self.env.flush_all()
        salespeople = self.env.ref(SALESPERSON).sudo().all_user_ids.filtered("active")
        rows = self.env.execute_query(
            SQL(
                """WITH customer AS (%(customers)s),
                        person AS (
                     SELECT * FROM unnest(%(people)s::int[], %(days)s::date[])
                              AS person (id, today)),
                        dealer AS (
                     SELECT DISTINCT ON (contact.commercial_partner_id)
                            contact.commercial_partner_id AS id, lead.user_id
                       FROM crm_lead AS lead
                       JOIN res_partner AS contact ON contact.id = lead.partner_id
                       JOIN person ON person.id = lead.user_id
                      WHERE lead.active
                        AND lead.type = 'opportunity'
                        AND lead.won_status = 'pending'
                   ORDER BY contact.commercial_partner_id, lead.id DESC),
                        charge AS (
                     SELECT company.id, customer.days, company.care_activity_id,
                            company.care_reminder_date AS reminded,
                            COALESCE(salesperson.id, dealer.user_id, other.id) AS person
                       FROM customer
                       JOIN res_partner AS company ON company.id = customer.id
                       JOIN res_partner_category AS category
                         ON category.id = customer.category_id
                  LEFT JOIN person AS salesperson ON salesperson.id = company.user_id
                  LEFT JOIN dealer ON dealer.id = company.id
                  LEFT JOIN person AS other ON other.id = category.contact_user_id
                      WHERE company.active
                        AND category.contact_reminder != 'none')
                   SELECT person.id,
                          array_agg(charge.id ORDER BY charge.id) FILTER (
                              WHERE activity.id IS NULL
                                AND COALESCE(charge.reminded + charge.days
                                             <= person.today, TRUE))
                     FROM charge
                     JOIN person ON person.id = charge.person
                LEFT JOIN mail_activity AS activity
                       ON activity.id = charge.care_activity_id AND activity.active
                 GROUP BY person.id
                   HAVING NOT COALESCE(bool_or(charge.reminded = person.today), FALSE)
                 ORDER BY person.id""",
                customers=self._get_limited_customers_sql(None),
                people=salespeople.ids,
                days=[user._get_care_day() for user in salespeople],
            )
        )
        users = self.env["res.users"].sudo()
        return {users.browse(person): ids for person, ids in rows if ids}

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
