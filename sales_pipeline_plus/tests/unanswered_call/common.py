from datetime import date

from ..hold.common import HoldCase


class CallsCase(HoldCase):
    """It is Monday, 1 June 2026, 10 o'clock in Paris; Equipment calls again after 1, 3
    and 7 days, Spare parts never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.call_cadence = "1, 3, 7"
        (cls.salesman + cls.colleague + cls.manager).tz = "Europe/Paris"
        cls.customer, cls.other_customer = cls.env["res.partner"].create(
            [
                {"name": "C. Foundry", "is_company": True},
                {"name": "C. Other", "is_company": True},
            ]
        )
        cls.buyer, cls.director, cls.stranger = cls.env["res.partner"].create(
            [
                {"name": "C. Buyer", "parent_id": cls.customer.id},
                {
                    "name": "C. Director",
                    "parent_id": cls.customer.id,
                    "phone": "+33 1 99 00 00 01",
                },
                {"name": "C. Stranger", "parent_id": cls.other_customer.id},
            ]
        )

    def _new_called(self, pipeline=None, **vals):
        """Return a deal of the salesman with a call that is planned for today."""
        deal = self._new_deal(
            pipeline or self.equipment,
            self.offer,
            partner_id=self.buyer.id,
            **vals,
        )
        return deal, self._plan_call(deal)

    def _plan_call(self, deal, day=date(2026, 6, 1), user=None):
        return deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=day,
            summary="Call the buyer",
            user_id=(user or deal.user_id).id,
        )

    def _get_calls(self, deals):
        self.env.flush_all()
        return self.env["crm.lead.unanswered.call"].search(
            [("lead_id", "in", deals.ids)], order="id"
        )

    def _get_dialog(self, action, user=None):
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        return dialog.with_user(user or self.salesman)
