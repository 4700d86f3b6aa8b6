from datetime import datetime, timedelta

from odoo import fields
from odoo.tools import SQL

from ...models.health.lamps import FIELD_OF
from ..common import PipelineCase

NOW = datetime(2026, 3, 10, 11, 30)


class HealthCase(PipelineCase):
    """Deals with contacts, activities, messages, meetings and stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).active = False
        cls.roles = cls.env["crm.contact.role"].create(
            [{"name": "H. Decides", "decides": True}, {"name": "H. Uses"}]
        )
        cls.decider, cls.user_role = cls.roles
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {number}"} for number in range(4)]
        )
        cls.questions = cls.env["crm.pipeline.question"].create(
            [
                {"pipeline_id": cls.equipment.id, "name": name, "sequence": rank}
                for rank, name in enumerate(("Budget?", "Need?", "Time?"))
            ]
        )

    def _plan(self, deal, day, user=None):
        return deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=day,
            user_id=(user or self.salesman).id,
        )

    def _add_contacts(self, deal, *roles):
        """Add a contact for each role; None for one without."""
        return self.env["crm.lead.contact"].create(
            [
                {
                    "lead_id": deal.id,
                    "partner_id": person.id,
                    "role_ids": role.ids if role else [],
                }
                for person, role in zip(self.people, roles, strict=False)
            ]
        )

    def _log(self, deal, moment, message_type="email", **vals):
        return self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": deal.id,
                "date": moment,
                "message_type": message_type,
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "body": "Hello",
                **vals,
            }
        )

    def _set(self, records, **columns):
        """Write what Odoo writes itself: dates of creation and of the stage."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(records._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
                tuple(records.ids),
            )
        )
        self.env.invalidate_all()

    def _begin(self, deal, days):
        """Let a deal have been there, in its stage, for a number of days."""
        date = fields.Datetime.now() - timedelta(days=days)
        self._set(deal, create_date=date, date_start=date, date_last_stage_update=date)

    def _stay(self, deals, days, outcome, **vals):
        """Let a stay of these deals in the stage "Qualified" have ended like this."""
        return (
            self.env["crm.lead.passage"]
            .sudo()
            .create(
                [
                    {
                        "lead_id": deal.id,
                        "pipeline_id": deal.pipeline_id.id,
                        "stage_id": self.qualified.id,
                        "date_in": fields.Datetime.now() - timedelta(days=days),
                        "date_out": fields.Datetime.now(),
                        "days": days,
                        "outcome": outcome,
                        "user_id": deal.user_id.id,
                        "company_id": deal.company_id.id,
                        **vals,
                    }
                    for deal in deals
                ]
            )
        )

    def _won_deals(self, number, days, **vals):
        """Create deals that were won after some days in the stage "Qualified"."""
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, self.won, name=f"W{rank}", **vals)
                for rank in range(number)
            ]
        )
        self._stay(deals, days, "forward")
        return deals

    def assertLamps(self, deal, **expected):
        """Check lamps, shown as they are searched."""
        self.env.flush_all()
        self.env.invalidate_all()
        leads = deal.with_context(active_test=False)
        for lamp, state in expected.items():
            name = FIELD_OF[lamp]
            self.assertEqual(deal[name], state, lamp)
            self.assertIn(deal, leads.search([(name, "=", state)]), lamp)
