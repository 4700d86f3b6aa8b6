from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tools import SQL

from ..hold.common import HoldCase

NOW = datetime(2026, 6, 1, 8)


class CareCase(HoldCase):
    """Customers that are neglected after 30 days; it is 1 June 2026, 10 o'clock in
    Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["res.partner.category"]
        categories.search([]).contact_days = 0
        cls.gold, cls.plain = categories.create(
            [{"name": "C. Gold", "contact_days": 30}, {"name": "C. Plain"}]
        )
        cls.users = cls.salesman + cls.colleague + cls.manager + cls.all_documents
        cls.users.tz = "Europe/Paris"

    def _new_customer(self, name="C. Customer", age=400, **vals):
        """Return a company that was created some days ago, and one of its people."""
        company = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "user_id": self.salesman.id,
                "category_id": self.gold.ids,
                **vals,
            }
        )
        person = company.create({"name": f"{name} Person", "parent_id": company.id})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s WHERE id IN %s",
                NOW - timedelta(days=age),
                (company.id, person.id),
            )
        )
        self.env["mail.message"].sudo().search(
            [("model", "=", "res.partner"), ("res_id", "in", (company.id, person.id))]
        ).unlink()
        self.env.invalidate_all()
        return company, person

    def _write(self, record, days, message_type="email", **vals):
        """Let something be written about a record, some days ago."""
        return self.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "date": NOW - timedelta(days=days),
                "message_type": message_type,
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": self.salesman.partner_id.id,
                "body": "Hello",
                **vals,
            }
        )

    def _meet(self, start, partners=None, **vals):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": self.salesman.id,
                "partner_ids": partners.ids if partners else [],
                **vals,
            }
        )

    def _get_care(self, partner, user=None):
        """Return (state, kind, days since), as shown; check that it is found so."""
        self.env.flush_all()
        self.env.invalidate_all()
        partner = partner.with_user(user or self.salesman)
        shown = partner.care_state
        found = partner.search([("id", "=", partner.id), ("care_state", "=", shown)])
        self.assertEqual(found, partner, shown)
        since = partner.care_days_since if partner.care_last_date else None
        return shown, partner.care_last_kind, since

    def _remind(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 1000
        ):
            self.env["res.partner"]._cron_remind_of_care()
        self.env.flush_all()
        self.env.invalidate_all()
