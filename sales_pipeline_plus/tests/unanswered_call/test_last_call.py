from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CallsCase


@tagged("post_install", "-at_install")
class TestLastCall(CallsCase):
    """After the last call: on hold, lost, or somebody else is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.call_cadence = "1"

    def _call_in_vain(self, **vals):
        """Return a deal, its call and the dialog after its last try."""
        deal, call = self._new_called(**vals)
        call.action_log_unanswered_call()
        dialog = self._get_dialog(call.action_log_unanswered_call())
        return deal, call, dialog

    def test_somebody_else(self):
        deal, call, dialog = self._call_in_vain()
        self.assertEqual(dialog.lead_id, deal)
        self.assertEqual(dialog.unanswered_call_count, 2)
        self.assertEqual(dialog.person_ids, self.director)
        dialog.partner_id = self.stranger
        with self.assertRefused(UserError, "Choose whom to call"):
            dialog.action_apply()
        self.env["crm.lead.contact"].create(
            {"lead_id": deal.id, "partner_id": self.stranger.id}
        )
        dialog.invalidate_recordset()
        self.assertEqual(dialog.person_ids, self.director + self.stranger)
        dialog.partner_id = self.director
        self.assertIs(dialog.action_apply(), False)
        self.assertEqual(call.summary, "Call C. Director, +33 1 99 00 00 01")
        self.assertEqual(call.date_deadline, date(2026, 6, 1))
        self.assertEqual(call.postponement_count, 0)
        self.assertEqual(deal.activity_ids, call)
        # The tries begin anew, the facts are all there.
        self.assertIs(call.action_log_unanswered_call(), False)
        self.assertEqual(call.date_deadline, date(2026, 6, 2))
        self.assertEqual(self._get_calls(deal).mapped("number"), [1, 2, 1])

    def test_hold(self):
        deal, call, dialog = self._call_in_vain()
        dialog.choice = "hold"
        action = dialog.action_apply()
        self.assertEqual(action["res_model"], "crm.lead.put.on.hold")
        # Nothing is done before the dialog is.
        self.assertEqual(deal.next_action_state, "planned")
        self.assertTrue(call.active)
        self.env[action["res_model"]].with_user(self.salesman).with_context(
            **action["context"]
        ).create(
            {"date_wake_up": "2026-09-01", "reason_id": self.reason.id}
        ).action_put_on_hold()
        self.assertEqual(deal.deal_status, "hold")
        self.assertFalse(call.exists())
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 9, 1))
        self.assertEqual(len(self._get_calls(deal)), 2)

    def test_hold_leaves_other_calls(self):
        deal, call = self._new_called()
        call.action_log_unanswered_call()
        self._hold(deal, user=self.salesman)
        self.assertTrue(call.exists())

    def test_lost(self):
        deal, _call, dialog = self._call_in_vain()
        dialog.choice = "lost"
        action = dialog.action_apply()
        self.assertEqual(action["res_model"], "crm.lead.lost")
        lost = (
            self.env["crm.lead.lost"]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(lost.lead_ids, deal)
        lost.action_lost_reason_apply()
        self.assertEqual(deal.won_status, "lost")
        self.assertEqual(len(self._get_calls(deal)), 2)

    def test_asked_again(self):
        """Who closes the dialog is asked again, without a call that nobody made."""
        deal, call, _dialog = self._call_in_vain()
        for user in (self.salesman, self.manager):
            again = call.with_user(user).action_log_unanswered_call()
            self.assertEqual(again["res_model"], "crm.lead.last.call")
        self.assertEqual(self._get_calls(deal).mapped("number"), [1, 2])

    def test_decided_later(self):
        """The call stays, and can be answered, or not, all the same."""
        deal, call, _dialog = self._call_in_vain()
        self._on("2026-06-04 08:00:00")
        self.assertEqual(deal.next_action_state, "overdue")
        again = call.action_log_unanswered_call()
        self.assertEqual(again["res_model"], "crm.lead.last.call")
        self.assertEqual(self._get_calls(deal).mapped("number"), [1, 2, 3])
        call.action_feedback("Reached at last")
        with self.assertRefused(UserError, "no planned call any more"):
            self._get_dialog(again).action_apply()

    def test_longer_cadence(self):
        """What the pipeline says now holds."""
        _deal, call, dialog = self._call_in_vain()
        self.equipment.call_cadence = "1, 2, 5"
        self.assertIs(call.action_log_unanswered_call(), False)
        self.assertEqual(call.date_deadline, date(2026, 6, 8))
        self.assertTrue(dialog.exists())

    def test_dialog_of_somebody_else(self):
        deal, call, dialog = self._call_in_vain()
        dialogs = self.env["crm.lead.last.call"]
        for user in (self.colleague, self.foreigner):
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_apply()
            with self.assertRaises(AccessError):
                dialogs.with_user(user).create({"activity_id": call.id})
        # A call of one's own on a deal that one may not read names no deal.
        hidden = self._plan_call(deal.with_user(self.manager), user=self.colleague)
        own = dialogs.with_user(self.colleague).create({"activity_id": hidden.id})
        self.assertFalse(own.lead_id)
        self.assertFalse(own.person_ids)
        with self.assertRaises(UserError):
            own.action_apply()
        with self.assertRaises(AccessError):
            hidden.with_user(self.colleague).action_log_unanswered_call()

    def test_hidden_people(self):
        """Who may not be read is not offered."""
        self.director.company_id = self.other_company
        _deal, _call, dialog = self._call_in_vain()
        self.assertFalse(dialog.person_ids)
