from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCase):
    """Asking for a move, and what becomes of it."""

    def setUp(self):
        super().setUp()
        self.deal = self._new_deal(self.equipment, self.qualified)

    def _get_notifications(self, user):
        return self.env["mail.message"].search(
            [
                ("partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_asked_and_approved(self):
        fact = self._ask(self.deal, reason="Price by Friday")
        self.assertEqual(
            (fact.state, fact.requested_by_id, fact.approver_id, fact.reason),
            ("waiting", self.salesman, self.leader, "Price by Friday"),
        )
        self.assertEqual(self.deal.stage_id, self.qualified)
        self.assertEqual(self.deal.approval_stage_id, self.offer)
        activity = self.deal.sudo().activity_ids
        self.assertEqual(activity.user_id, self.leader)
        self.assertIn("Price by Friday", activity.note)
        self.assertIn("Price by Friday", self.deal.message_ids[0].body)
        # It is no next action with the customer.
        self.assertEqual(self.deal.next_action_state, "missing")
        self.deal.with_user(self.leader).action_approve_move()
        self.assertStates(self.deal, "approved")
        self.assertEqual(self.deal.stage_id, self.offer)
        self.assertEqual(fact.decided_by_id, self.leader)
        self.assertFalse(self.deal.sudo().activity_ids)
        stay = self.env["crm.lead.passage"].search(
            [("lead_id", "=", self.deal.id), ("date_out", "=", False)]
        )
        self.assertEqual(stay.entered_by_id, self.leader)
        self.assertEqual(len(self._get_notifications(self.salesman)), 1)

    def test_reason_is_plain_text(self):
        """What is asked is read as it was written."""
        reason = "Margin <5 % & delivery >3 weeks\nOur <b>best</b> price"
        self._ask(self.deal, reason=reason)
        note = self.deal.sudo().activity_ids.note
        for text in ("&lt;5 % &amp; delivery &gt;3", "&lt;b&gt;best", "<br"):
            self.assertIn(text, note)

    def test_blank_reasons(self):
        """Nothing but blanks is no reason, and no answer."""
        for blank in ("", "  ", "\n\t", "\u200b", " \u2060\ufeff\u00ad", "\u3164"):
            with self.assertRefused(UserError, "Reason", "empty"):
                self._ask(self.deal, reason=blank)
        fact = self._ask(self.deal, reason="  Price by Friday \n")
        self.assertEqual(fact.reason, "Price by Friday")
        for blank in ("", "  ", "\u200b\u200d"):
            with self.assertRefused(UserError, "Why Not", "empty"):
                self._refuse(self.deal, self.leader, blank)
        self._refuse(self.deal, self.leader, " No ")
        self.assertEqual(fact.answer, "No")

    def test_refused(self):
        fact = self._ask(self.deal)
        with self.assertRefused(UserError, "“Deal”", "Offer", "leader"):
            self._refuse(self.deal, self.salesman)
        self._refuse(self.deal, self.leader, "Margin too low")
        self.assertStates(self.deal, "refused")
        self.assertEqual(fact.answer, "Margin too low")
        self.assertEqual(self.deal.stage_id, self.qualified)
        self.assertIn("Margin too low", self.deal.message_ids[0].body)
        self.assertIn(
            "Margin too low", self._get_notifications(self.salesman).mapped("body")[0]
        )
        self._ask(self.deal)
        self.assertStates(self.deal, "refused", "waiting")

    def test_withdrawn(self):
        self._ask(self.deal)
        with self.assertRefused(UserError, "Only who asked", "Deal"):
            self.deal.with_user(self.leader).action_withdraw_approval()
        self.deal.with_user(self.salesman).action_withdraw_approval()
        self.assertStates(self.deal, "withdrawn")
        self.assertFalse(self.deal.sudo().activity_ids)
        with self.assertRefused(UserError, "None of these"):
            self.deal.with_user(self.leader).action_approve_move()

    def test_nobody_else_approves(self):
        self._ask(self.deal)
        for user in (self.salesman, self.manager):
            with self.assertRefused(UserError, "“Deal”", "Offer", "leader"):
                self.deal.with_user(user).action_approve_move()
        self.assertStates(self.deal, "waiting")

    def test_dragged_by_the_approver(self):
        self._ask(self.deal)
        self.deal.with_user(self.leader).stage_id = self.offer
        self.assertStates(self.deal, "approved")

    def test_moot(self):
        ways = {
            "elsewhere": lambda deal: deal.write({"stage_id": self.negotiation.id}),
            "lost": lambda deal: deal.action_set_lost(),
            "archived": lambda deal: deal.action_archive(),
            "won": lambda deal: deal.action_set_won(),
            "lead": lambda deal: deal.write({"type": "lead"}),
            "pipeline": lambda deal: (
                deal.sudo()
                .with_user(self.manager)
                ._move_to_pipeline(self.spares, self.qualified, {"team_id": False})
            ),
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                deal = self._new_deal(self.equipment, self.qualified)
                self._ask(deal)
                way(deal)
                self.assertStates(deal, "moot")
                self.assertFalse(
                    deal.sudo()
                    .with_context(active_test=False)
                    .activity_ids.filtered("active")
                )

    def test_machine_moves_it_there(self):
        self._ask(self.deal)
        self.deal.sudo().stage_id = self.offer
        self.assertStates(self.deal, "moot", "automatic")

    def test_merged(self):
        other = self._new_deal(self.equipment, self.qualified, name="Other")
        self._ask(self.deal + other)
        merged = (self.deal + other).merge_opportunity()
        self.assertStates(merged, "moot", "moot")

    def test_deleted(self):
        fact = self._ask(self.deal)
        lead_id = self.deal.id
        self.deal.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(
            (fact.state, fact.former_lead_id, fact.lead_name, bool(fact.lead_id)),
            ("moot", lead_id, "Deal", False),
        )
        self.assertTrue(fact.with_user(self.salesman).has_access("read"))

    def test_line_goes(self):
        self._ask(self.deal)
        self.line.with_user(self.manager).unlink()
        self.assertStates(self.deal, "lapsed")
        self.assertIn("taken out of the pipeline", self.deal.message_ids[0].body)

    def test_who_asked_is_deleted(self):
        user = self._new_user("gone", "sales_team.group_sale_salesman_all_leads")
        fact = self._ask(self.deal, user=user)
        name = user.name
        user.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(
            (bool(fact.requested_by_id), fact.requested_by_name), (False, name)
        )

    def test_requirements_hold_when_it_is_approved(self):
        self._line(self.equipment, self.offer).requirement_ids = [
            Command.create({"field_name": "referred"})
        ]
        self._ask(self.deal)
        leaders = self.deal.with_user(self.leader)
        asked = leaders.get_button_requirements("action_approve_move")
        self.assertEqual(asked["fields"], ["referred"])
        with self.assertRefused(ValidationError, "“Deal”", "Referred By"):
            leaders.action_approve_move()
        self.assertStates(self.deal, "waiting")
        leaders.referred = "Ann"
        leaders.action_approve_move()
        self.assertStates(self.deal, "approved")

    def test_policy_holds_when_it_is_approved(self):
        """That somebody is asked is not the next action that the pipeline asks for."""
        self.equipment.next_action_policy = "block"
        self._ask(self.deal)
        with self.assertRefused(ValidationError, "“Deal”", "next action"):
            self.deal.with_user(self.leader).action_approve_move()
        self.deal.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.salesman.id
        )
        self.deal.with_user(self.leader).action_approve_move()
        self.assertEqual(self.deal.stage_id, self.offer)

    def test_group_is_asked(self):
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self._restrict(self.equipment, self.offer, "group", group=group)
        (self.leader | self.manager).group_ids |= group
        self.equipment_team.user_id = False
        with self.assertRefused(UserError, "“Deal”", "choose whom", "A. Deciders"):
            self._ask(self.deal)
        with self.assertRefused(UserError, "“Deal”", "choose whom"):
            self._ask(self.deal, approver=self.all_documents)
        fact = self._ask(self.deal, approver=self.manager)
        self.assertEqual(fact.approver_id, self.manager)
        # Another one of them may answer, too.
        self.deal.with_user(self.leader).action_approve_move()
        self.assertEqual(fact.decided_by_id, self.leader)

    def test_approver_without_access(self):
        self.leader.group_ids -= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.leader.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        with self.assertRefused(UserError, "“Deal”", "without access"):
            self._ask(self.deal)

    def test_not_asked_for(self):
        with self.assertRefused(UserError, "“Deal”", "no approval"):
            self.deal._request_approval(self.negotiation, "Please")
        with self.assertRefused(UserError, "“Deal”", "no approval"):
            self.deal.with_user(self.leader)._request_approval(self.offer, "Please")
        self.line.entry_approval = False
        with self.assertRefused(UserError, "“Deal”", "no approval"):
            self.deal._request_approval(self.offer, "Please")
        self.line.entry_approval = True
        self._ask(self.deal)
        with self.assertRefused(UserError, "“Deal”", "already waiting"):
            self.deal._request_approval(self.offer, "Please")

    def test_several_at_once(self):
        """Those that the user may move are moved, the others ask."""
        self._restrict(self.equipment, self.offer, "owner")
        mine = self._new_deal(self.equipment, self.qualified, name="Mine")
        theirs = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, name=name, user_id=self.leader.id)
                for name in ("One", "Two")
            ]
        )
        self.salesman.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self._ask(mine + theirs)
        self.assertEqual(mine.stage_id, self.offer)
        self.assertStates(theirs, "waiting", "waiting")
        theirs.with_user(self.leader).action_approve_move()
        self.assertEqual(theirs.stage_id, self.offer)
        self.assertEqual(len(self._get_notifications(self.salesman)), 1)

    def test_form(self):
        dialog = (
            self.env["crm.lead.approval.request"]
            .with_user(self.salesman)
            .with_context(
                active_model="crm.lead",
                active_ids=self.deal.ids,
                approval_stage_id=self.offer.id,
            )
        )
        with Form(dialog) as form:
            self.assertEqual(form.asked_ids.ids, self.deal.ids)
            self.assertIn("leader", form.who)
            form.reason = "Please"
        form.record.action_request()
        self.assertStates(self.deal, "waiting")
        with Form(self.deal.with_user(self.leader)) as form:
            self.assertTrue(form.can_decide_approval)
            self.assertFalse(form.can_withdraw_approval)
            self.assertEqual(form.approval_reason, "Please")
        with Form(self.deal) as form:
            self.assertFalse(form.can_decide_approval)
            self.assertTrue(form.can_withdraw_approval)
        found = self.env["crm.lead"].search([("approval_stage_id", "!=", False)])
        self.assertIn(self.deal.with_env(self.env), found)
