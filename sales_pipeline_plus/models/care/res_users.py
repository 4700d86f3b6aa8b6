from collections import defaultdict
from urllib.parse import urljoin

import pytz
from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL

from ...tools.days import get_day

# Of how many customers a person is reminded in a day: the others follow.
PER_DAY = 20


class ResUsers(models.Model):
    """Is reminded of neglected customers, with what this user may read."""

    _inherit = "res.users"

    def _remind_of_care(self, company_ids):
        """Remind these people of the longest neglected ones of these customers.

        :param company_ids: ids of the companies they are in charge of
        """
        for user in self:
            partners = user._get_env_of_care()["res.partner"]
            readable = partners.search([("id", "in", company_ids)])
            rows = self.env.execute_query(
                SQL(
                    """SELECT id FROM (%s) AS care WHERE state = 'neglected'
                     ORDER BY since DESC NULLS FIRST, id LIMIT %s""",
                    partners._get_care_sql(readable.ids),
                    PER_DAY,
                )
            )
            if rows:
                user._remind_of_customers(partners.browse(row[0] for row in rows))

    def _get_env_of_care(self):
        return self.env(
            user=self.id,
            su=False,
            context={
                "allowed_company_ids": self.company_ids.ids,
                "lang": self.lang,
                "tz": self.tz or "UTC",
            },
        )

    def _get_care_day(self):
        """Return the day where this user is."""
        zone = pytz.timezone(self.tz or "UTC")
        return get_day(fields.Datetime.now(), zone)

    def _remind_of_customers(self, customers):
        """Plan a call on each, or send a mail about all, as their tags say."""
        today = self._get_care_day()
        ways = defaultdict(list)
        categories = customers._get_care_categories()
        for customer in customers:
            ways[categories[customer.id].contact_reminder].append(customer.id)
        customers.sudo().write({"care_reminder_date": today})
        self._plan_care(customers.browse(ways["activity"]), today)
        if ways["mail"]:
            self._send_care_mail(customers.browse(ways["mail"]))

    def _plan_care(self, customers, today):
        env = customers.env
        activities = (
            env["mail.activity"]
            .sudo()
            .create(
                [
                    {
                        "res_model_id": env["ir.model"]._get_id("res.partner"),
                        "res_id": customer.id,
                        "activity_type_id": env["mail.activity.type"]
                        ._get_type_of_next_action()
                        .id,
                        "summary": customer._describe_neglect(),
                        "user_id": self.id,
                        "date_deadline": today,
                        "automated": True,
                    }
                    for customer in customers
                ]
            )
        )
        for customer, activity in zip(customers.sudo(), activities, strict=True):
            customer.care_activity_id = activity

    def _send_care_mail(self, customers):
        env = customers.env
        base_url = self.company_id.get_base_url()
        rows = Markup().join(
            Markup('<li><a href="%s">%s</a>: %s</li>')
            % (
                urljoin(base_url, f"/odoo/res.partner/{customer.id}"),
                customer.display_name,
                customer._describe_neglect(),
            )
            for customer in customers
        )
        env["mail.thread"].sudo().message_notify(
            partner_ids=self.partner_id.ids,
            subject=env._("Neglected customers: %s", len(customers)),
            body=Markup("<ul>%s</ul>") % rows,
            author_id=env["ir.model.data"]._xmlid_to_res_id("base.partner_root"),
        )
