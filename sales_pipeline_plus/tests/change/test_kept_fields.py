from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestKeptFields(PipelineCase):
    """What is kept by itself is nobody's to give: it is what the checks stand on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, date_deadline="2030-01-01")
        cls.forged = {
            "advance_count": 3,
            "approval_stage_id": cls.offer.id,
            "deadline_source": "quotation",
            "first_decision_date": "2020-01-01",
            "followed_quotation": "S00001",
            "date_hold": "2020-01-01 00:00:00",
            "date_hold_end": "2020-01-01 00:00:00",
            "date_wake_up": "2040-01-01",
            "hold_reason_id": cls.env["crm.hold.reason"].create({"name": "Why"}).id,
            "imported_slip": {"a": 1},
            "incomplete_since": "2020-01-01 00:00:00",
            "is_slip_unknown": True,
            "kept_pipeline_properties": {"a": 1},
            "last_decision_date": "2020-01-01",
            "last_places": {"active": [1, 2]},
            "limit_alert_date": "2020-01-01 00:00:00",
            "moved_without_action_date": "2020-01-01 00:00:00",
            "pipeline_stage_id": cls._line(cls, cls.spares, cls.offer).id,
            "postponement_count": -3,
            "qualification_score": 100,
            "revenue_source": "quotation",
            "slip_days": 12,
            "won_status": "won",
        }

    def test_write(self):
        self.assertEqual(self.deal._get_kept_fields(), self.forged.keys())
        for user in (self.salesman, self.manager):
            for name, value in self.forged.items():
                with (
                    self.subTest(name=name, user=user.login),
                    self.assertRefused(AccessError, "kept by themselves"),
                ):
                    self.deal.with_user(user).write(
                        {name: value, "stage_id": self.offer.id}
                    )

    def test_create(self):
        vals = self._prepare_deal(self.equipment)
        leads = self.env["crm.lead"].with_user(self.salesman)
        for name, value in self.forged.items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                leads.create({**vals, name: value})
            defaults = {f"default_{name}": value}
            deal = leads.with_context(**defaults).create(vals)
            self.env.flush_all()
            self.assertNotEqual(deal[name], value)

    def test_import_of_an_export(self):
        """The same values again are no forgery, an empty cell neither."""
        result = self.deal.load(
            [".id", "name", "postponement_count", "first_decision_date", "slip_days"],
            [[str(self.deal.id), "Renamed", "0", "2030-01-01", ""]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.deal.name, "Renamed")

    def test_attempt_of_a_hidden_deal(self):
        hidden = self._new_deal(self.spares, user_id=self.colleague.id)
        vals = self._prepare_deal(self.equipment)
        leads = self.env["crm.lead"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            leads.create({**vals, "attempt_of_id": hidden.id})
        with self.assertRefused(UserError, "not a lost opportunity"):
            leads.create({**vals, "attempt_of_id": self.deal.id})
        self.deal.action_set_lost()
        attempt = leads.create({**vals, "attempt_of_id": self.deal.id})
        self.assertEqual(attempt.attempt_number, 2)
        with self.assertRaises(AccessError):
            attempt.attempt_of_id = hidden

    def test_emptied_while_away(self):
        line = self._line(self.equipment, self.offer)
        line.requirement_ids = [Command.create({"field_name": "referred"})]
        for leave, come_back in (
            ({"active": False}, {"active": True}),
            ({"active": False, "referred": False}, {"active": True}),
            ({"type": "lead"}, {"type": "opportunity"}),
            ({"type": "lead", "referred": False}, {"type": "opportunity"}),
        ):
            deal = self._new_deal(self.equipment, self.offer, referred="Ann")
            deal.write(leave)
            deal.referred = False
            with (
                self.subTest(leave=leave),
                self.assertRefused(ValidationError, "Referred By"),
            ):
                deal.write(come_back)
        lost = self._new_deal(self.equipment, self.offer, referred="Ann")
        lost.action_set_lost()
        lost.referred = "\u200b "
        with self.assertRefused(ValidationError, "Referred By"):
            lost.action_restore()

    def test_machine_by_name_only(self):
        """A key in the values makes nobody a machine."""
        line = self._line(self.equipment, self.offer)
        line.requirement_ids = [Command.create({"field_name": "referred"})]
        vals = self._prepare_deal(self.equipment, self.offer)
        leads = self.env["crm.lead"].with_user(self.salesman)
        names = {"reveal_id", "lead_mining_request_id"} & leads._fields.keys()
        for more in ({}, *({name: False} for name in names)):
            with self.assertRefused(ValidationError, "Referred By"):
                leads.create({**vals, **more})

    def test_copy_of_an_archived_deal(self):
        self.deal.action_archive()
        copied = self.deal.copy()
        self.assertEqual((copied.active, copied.won_status), (True, "pending"))
        self.assertFalse(copied.date_closed)

    def test_deal_as_a_lead_stays_in_its_pipeline(self):
        self.equipment_team.pipeline_id = self.spares
        for deal in (self.deal, self._new_deal(self.equipment, self.won)):
            place = (deal.pipeline_id, deal.stage_id, deal.won_status)
            for kind in ("lead", "opportunity"):
                deal.write({"type": kind})
                self.env.flush_all()
                found = (deal.pipeline_id, deal.stage_id, deal.won_status)
                self.assertEqual(found, place)

    def test_action_that_did_not_come(self):
        self.equipment.next_action_policy = "block"
        self.env["crm.pipeline.rule"].create(
            {
                "name": "Call back",
                "pipeline_id": self.equipment.id,
                "event": "stage_entered",
                "stage_id": self.offer.id,
                "condition": "[('expected_revenue', '>', 1000)]",
            }
        )
        self.deal.stage_id = self.offer
        self.deal.expected_revenue = 10
        self.env.cr.flush()
        self.assertFalse(self.deal.activity_ids)
        self.assertTrue(self.deal.moved_without_action_date)
