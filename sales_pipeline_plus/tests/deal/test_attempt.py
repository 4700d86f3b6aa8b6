from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from ..common import PipelineCase

COMMENT = "They hesitate"


class TestNewAttempt(PipelineCase):
    """A lost opportunity is tried again as a fresh one that is linked to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "P. Too dear"})
        cls.tag = cls.env["crm.tag"].create({"name": "P. Tender"})
        cls.source = cls.env["utm.source"].create({"name": "P. Fair"})
        cls.partner = cls.env["res.partner"].create(
            {"name": "Ziegler", "email": "z@example.com", "company_id": cls.company.id}
        )
        cls.equipment.reopening_policy = "forbidden"
        cls.deal = cls._new_deal(
            cls.equipment,
            cls.negotiation,
            name="Lathe",
            partner_id=cls.partner.id,
            tag_ids=[Command.set(cls.tag.ids)],
            source_id=cls.source.id,
            description="<p>Two shifts</p>",
            date_deadline=date(2024, 5, 1),
            priority="2",
            referred="Mr Kling",
        )
        cls.deal.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        cls.deal.message_post(body=COMMENT)
        cls.deal.action_set_lost(lost_reason_id=cls.reason.id)

    def _attempt(self, deal, user=None):
        action = deal.with_user(user or self.salesman).action_new_attempt()
        return self.env["crm.lead"].browse(action["res_id"]).with_env(deal.env)

    def test_what_is_taken_over(self):
        attempt = self._attempt(self.deal)
        self.assertRecordValues(
            attempt,
            [
                {
                    "name": "Lathe",
                    "attempt_of_id": self.deal.id,
                    "attempt_number": 2,
                    "partner_id": self.partner.id,
                    "email_from": "z@example.com",
                    "company_id": self.company.id,
                    "team_id": self.equipment_team.id,
                    "user_id": self.salesman.id,
                    "tag_ids": self.tag.ids,
                    "source_id": self.source.id,
                    "description": "<p>Two shifts</p>",
                    "expected_revenue": 1234.56,
                    "priority": "2",
                    "referred": "Mr Kling",
                    "pipeline_id": self.equipment.id,
                    "stage_id": self.qualified.id,
                    "probability": 10,
                    "probability_source": "stage",
                    "won_status": "pending",
                    "active": True,
                    "type": "opportunity",
                }
            ],
        )

    def test_what_is_not_taken_over(self):
        attempt = self._attempt(self.deal)
        self.assertFalse(attempt.date_deadline)
        self.assertFalse(attempt.date_closed)
        self.assertFalse(attempt.lost_reason_id)
        self.assertFalse(attempt.activity_ids)
        self.assertFalse(attempt.order_ids)
        self.assertNotIn(COMMENT, "".join(attempt.message_ids.mapped("body")))

    def test_people(self):
        """Contacts with their roles and collaborators go on."""
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.deal.write(
            {
                "contact_ids": [
                    Command.create({"partner_id": buyer.id, "comment": "Decides"})
                ],
                "collaborator_ids": [Command.link(self.colleague.id)],
            }
        )
        attempt = self._attempt(self.deal, self.colleague)
        self.assertEqual(attempt.user_id, self.salesman)
        self.assertEqual(attempt.collaborator_ids, self.colleague)
        self.assertIn(buyer, attempt.contact_ids.partner_id)
        self.assertIn(self.partner, attempt.contact_ids.partner_id)
        self.assertEqual(
            attempt.contact_ids.filtered(lambda c: c.partner_id == buyer).comment,
            "Decides",
        )
        self.assertEqual(len(self.deal.contact_ids), 2)
        self.assertEqual(len(attempt.contact_ids), 2)

    def test_the_lost_one_stays(self):
        self._attempt(self.deal)
        self.assertRecordValues(
            self.deal,
            [
                {
                    "won_status": "lost",
                    "stage_id": self.negotiation.id,
                    "pipeline_id": self.equipment.id,
                    "lost_reason_id": self.reason.id,
                    "attempt_number": 1,
                    "attempt_count": 1,
                }
            ],
        )

    def test_chain_is_visible_both_ways(self):
        attempt = self._attempt(self.deal)
        self.assertIn("P. Negotiation", "".join(attempt.message_ids.mapped("body")))
        self.assertIn("New attempt", "".join(self.deal.message_ids.mapped("body")))
        self.assertEqual(self.deal.action_open_attempts()["res_id"], attempt.id)
        self.assertEqual(attempt.action_open_attempt_of()["res_id"], self.deal.id)
        attempt.action_set_lost()
        self.assertEqual(self.deal.attempt_count, 1, "lost attempts are counted")
        third = self._attempt(attempt)
        self.assertEqual((third.attempt_number, attempt.attempt_number), (3, 2))
        self.assertEqual(attempt.attempt_ids, third)

    def test_several_attempts_of_one(self):
        first = self._attempt(self.deal)
        with self.assertRefused(UserError, "Lathe", "open new attempt"):
            self.deal.action_new_attempt()
        first.action_set_lost()
        second = self._attempt(self.deal)
        self.assertEqual(
            set(self.deal.action_open_attempts()["domain"][0][2]),
            set((first + second).ids),
        )

    def test_only_of_lost_opportunities(self):
        deal = self._new_deal(self.equipment, self.offer, name="Drill")
        archived = self._new_deal(self.equipment, self.offer, name="Mill")
        archived.action_archive()
        lead = self._new_deal(self.equipment, type="lead", name="Saw")
        lead.action_set_lost()
        for other in (deal, archived, lead):
            with self.assertRefused(UserError, other.name, "not a lost opportunity"):
                (self.deal + other).action_new_attempt()
        self.assertFalse(self.deal.attempt_ids)

    def test_batch(self):
        spare = self._new_deal(self.spares, self.offer, name="Belt")
        spare.action_set_lost()
        deals = (self.deal + spare).with_user(self.manager)
        # What a list's context must not bring in.
        action = deals.with_context(
            default_stage_id=self.stray.id, default_type="lead"
        ).action_new_attempt()
        attempts = self.deal.attempt_ids + spare.attempt_ids
        self.assertEqual(sorted(action["domain"][0][2]), sorted(attempts.ids))
        self.assertRecordValues(
            attempts,
            [
                {
                    "name": "Lathe",
                    "pipeline_id": self.equipment.id,
                    "stage_id": self.qualified.id,
                    "user_id": self.salesman.id,
                },
                {
                    "name": "Belt",
                    "pipeline_id": self.spares.id,
                    "stage_id": self.qualified.id,
                    "user_id": self.colleague.id,
                },
            ],
        )

    def test_salesperson_has_left(self):
        self.salesman.active = False
        attempt = self._attempt(self.deal, self.manager)
        self.assertEqual(attempt.user_id, self.manager)
        self.assertEqual(attempt.team_id, self.equipment_team)

    def test_pipeline_is_archived(self):
        self.equipment_team.pipeline_id = False
        general = self._new_pipeline(
            "General", {self.stray: 15, self.won: 100}, team_ids=self.equipment_team.ids
        )
        self.equipment_team.pipeline_id = general
        self.equipment.active = False
        attempt = self._attempt(self.deal)
        self.assertEqual(attempt.pipeline_id, general)
        self.assertEqual(attempt.stage_id, self.stray)
        self.assertEqual(self.deal.pipeline_id, self.equipment)

    def test_first_stage_asks_for_something(self):
        self._line(self.equipment, self.qualified).requirement_ids = [
            Command.create({"field_name": "date_deadline", "level": "hard"})
        ]
        action = self.deal.action_new_attempt()
        self.assertFalse(action["res_id"])
        self.assertFalse(self.deal.attempt_ids)
        Leads = self.env["crm.lead"].with_user(self.salesman)
        Leads = Leads.with_context(**action["context"])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            Leads.create({})
        attempt = Leads.create({"date_deadline": date(2030, 1, 1)})
        self.assertEqual(attempt.attempt_of_id, self.deal)
        self.assertEqual(attempt.partner_id, self.partner)
        self.assertEqual(attempt.tag_ids, self.tag)
        self.assertEqual(attempt.stage_id, self.qualified)

    def test_roles(self):
        with self.assertRaises(AccessError):
            self.deal.with_user(self.colleague).action_new_attempt()
        with self.assertRaises(AccessError):
            self.deal.with_user(self.foreigner).action_new_attempt()
        attempt = self._attempt(self.deal, self.all_documents)
        self.assertEqual(attempt.user_id, self.salesman)
        self.assertEqual(self.deal.attempt_count, 1)

    def test_count_respects_the_rules(self):
        attempt = self._attempt(self.deal, self.manager)
        attempt.user_id = self.manager
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.deal.with_user(self.salesman).attempt_count, 0)
        self.assertEqual(self.deal.with_user(self.manager).attempt_count, 1)
        with self.assertRefused(UserError, "Lathe", "open new attempt"):
            self.deal.with_user(self.salesman).action_new_attempt()

    def test_no_circle(self):
        attempt = self._attempt(self.deal)
        with self.assertRaises(ValidationError):
            self.deal.attempt_of_id = attempt

    def test_copy_is_no_attempt(self):
        self.assertFalse(self._attempt(self.deal).copy().attempt_of_id)

    def test_merge_keeps_the_chain(self):
        attempt = self._attempt(self.deal)
        other = self._new_deal(self.equipment, self.offer, name="Lathe, big")
        merged = (attempt + other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.attempt_of_id, self.deal)
        merged.action_set_lost()
        third = self._attempt(merged)
        third.stage_id = self.negotiation
        merged = (merged + third).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, third)
        self.assertEqual(merged.attempt_of_id, self.deal)

    def test_deleted_lost_deal(self):
        attempt = self._attempt(self.deal)
        self.deal.with_user(self.manager).unlink()
        self.assertFalse(attempt.attempt_of_id)
        self.assertEqual(attempt.attempt_number, 1)
