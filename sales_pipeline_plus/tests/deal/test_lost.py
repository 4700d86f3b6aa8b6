from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..common import PipelineCase


class TestReopening(PipelineCase):
    """A lost opportunity is reopened as its pipeline says, on every path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "P. Too dear"})
        cls.deal = cls._new_deal(cls.equipment, cls.offer, name="Lathe")
        cls.deal.action_set_lost(lost_reason_id=cls.reason.id)
        cls.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "p_lathe",
                "model": "crm.lead",
                "res_id": cls.deal.id,
            }
        )

    def _paths(self, deal):
        """Return every way to reopen a lost opportunity."""
        return {
            "restore": lambda: deal.action_restore(),
            "unarchive": lambda: deal.action_unarchive(),
            "toggle": lambda: deal.write({"active": not deal.active}),
            "active": lambda: deal.write({"active": True}),
            "probability": lambda: deal.write({"probability": 50}),
            "own probability": lambda: deal.write(
                {"probability": 40, "probability_source": "manual"}
            ),
            "won button": lambda: deal.action_set_won(),
            "won stage": lambda: deal.write({"stage_id": self.won.id}),
            "both": lambda: deal.write({"active": True, "stage_id": self.qualified.id}),
            "lead": lambda: deal.write({"type": "lead", "active": True}),
            "into another pipeline": lambda: deal.write(
                {
                    "active": True,
                    "team_id": self.spares_team.id,
                    "pipeline_id": self.spares.id,
                }
            ),
            "import": lambda: self._import(
                deal, ["active", "probability"], ["True", "30"]
            ),
        }

    def _import(self, deal, columns, values):
        result = deal.load(["id", *columns], [["__import__.p_lathe", *values]])
        for message in result["messages"]:
            raise UserError(message["message"])

    def assertStaysLost(self, deal):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(deal.won_status, "lost")
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertEqual(deal.lost_reason_id, self.reason)

    def test_new_pipelines_leave_it_to_the_manager(self):
        pipeline = self.env["crm.pipeline"].create(
            {
                "name": "Fresh",
                "pipeline_stage_ids": [(0, 0, {"stage_id": self.offer.id})],
            }
        )
        self.assertEqual(pipeline.reopening_policy, "manager")
        self.assertFalse(pipeline.lost_reason_required)

    def test_allowed(self):
        self.deal.action_restore()
        self.assertEqual(self.deal.won_status, "pending")
        self.assertFalse(self.deal.lost_reason_id)

    def test_forbidden_on_every_path(self):
        self.equipment.reopening_policy = "forbidden"
        for user in (self.salesman, self.manager):
            deal = self.deal.with_user(user)
            for name, path in self._paths(deal).items():
                with (
                    self.subTest(path=name, user=user.login),
                    self.assertRefused(UserError, "Lathe", "Equipment", "New Attempt"),
                    self.env.cr.savepoint(),
                ):
                    path()
                self.assertStaysLost(deal)

    def test_manager_policy_on_every_path(self):
        self.equipment.reopening_policy = "manager"
        for user, hint in ((self.salesman, "New Attempt"), (self.manager, "“Reopen”")):
            deal = self.deal.with_user(user)
            for name, path in self._paths(deal).items():
                with (
                    self.subTest(path=name, user=user.login),
                    self.assertRefused(UserError, "Lathe"),
                    self.env.cr.savepoint(),
                ):
                    path()
                self.assertStaysLost(deal)
            with self.assertRefused(UserError, "Lathe", "Equipment", hint):
                deal.action_restore()

    def test_manager_reopens_with_a_reason(self):
        self.equipment.reopening_policy = "manager"
        deal = self.deal.with_user(self.manager)
        form = Form(
            self.env["crm.lead.reopen"]
            .with_user(self.manager)
            .with_context(active_model="crm.lead", active_ids=deal.ids)
        )
        form.reason = "Lost by mistake"
        form.save().action_reopen()
        self.assertEqual(deal.won_status, "pending")
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.probability, 30)
        self.assertIn("Lost by mistake", deal.message_ids[:1].body)
        self.assertIn("P. Offer", deal.message_ids[:1].body)

    def test_reason_of_a_salesperson(self):
        self.equipment.reopening_policy = "manager"
        deal = self.deal.with_context(reopen_reason="I want to")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            deal.action_restore()
        self.assertStaysLost(self.deal)
        with self.assertRaises(AccessError):
            self.env["crm.lead.reopen"].with_user(self.salesman).create(
                {"lead_ids": self.deal.ids, "reason": "I want to"}
            )

    def test_reason_does_not_open_the_forbidden(self):
        self.equipment.reopening_policy = "forbidden"
        deal = self.deal.with_user(self.manager)
        with self.assertRefused(UserError, "Lathe", "Equipment", "New Attempt"):
            deal.with_context(reopen_reason="Please").action_restore()

    def test_several_at_once(self):
        self.equipment.reopening_policy = "forbidden"
        other = self._new_deal(self.equipment, self.offer, name="Drill")
        other.action_set_lost()
        spare = self._new_deal(self.spares, self.offer, name="Belt")
        spare.action_set_lost()
        deals = (self.deal + other + spare).with_user(self.manager)
        with self.assertRefused(UserError, "Lathe.*\n.*Drill"):
            deals.action_unarchive()
        spare.action_restore()
        self.assertEqual(spare.won_status, "pending")

    def test_where_it_was_lost_is_kept(self):
        for policy in ("allowed", "manager", "forbidden"):
            self.equipment.reopening_policy = policy
            for vals in (
                {"stage_id": self.negotiation.id},
                {"pipeline_id": self.spares.id, "team_id": self.spares_team.id},
            ):
                with (
                    self.subTest(policy=policy, vals=vals),
                    self.assertRefused(UserError, "Lathe", "P. Offer", "Equipment"),
                    self.env.cr.savepoint(),
                ):
                    self.deal.with_user(self.manager).write(vals)
                self.assertStaysLost(self.deal)

    def test_other_changes_of_a_lost_deal(self):
        self.equipment.reopening_policy = "forbidden"
        self.deal.write(
            {
                "description": "They bought in Italy",
                "expected_revenue": 99,
                "stage_id": self.offer.id,
                "active": False,
            }
        )
        self.deal.with_user(self.manager).user_id = self.manager
        self.assertEqual(self.deal.expected_revenue, 99)
        self.assertEqual(self.deal.won_status, "lost")

    def test_archived_without_being_lost(self):
        self.equipment.reopening_policy = "forbidden"
        deal = self._new_deal(self.equipment, self.offer)
        deal.action_archive()
        self.assertEqual(deal.won_status, "pending")
        deal.action_unarchive()
        self.assertTrue(deal.active)

    def test_leads_follow_odoo(self):
        self.equipment.reopening_policy = "forbidden"
        lead = self._new_deal(self.equipment, type="lead")
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")
        lead.action_restore()
        self.assertTrue(lead.active)

    def test_merge_with_a_lost_deal(self):
        self.equipment.reopening_policy = "forbidden"
        head = self._new_deal(self.equipment, self.negotiation, name="Lathe again")
        merged = (head + self.deal).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertEqual(merged.won_status, "pending")


class TestLostReason(PipelineCase):
    """A pipeline can ask why an opportunity is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "P. Too dear"})
        cls.equipment.lost_reason_required = True
        cls.deal = cls._new_deal(cls.equipment, cls.offer, name="Lathe")

    def assertReasonAsked(self):
        return self.assertRefused(ValidationError, "Lathe", "Equipment", "reason")

    def test_every_path(self):
        zero = self.equipment.pipeline_stage_ids[0]
        for name, path in {
            "button": lambda: self.deal.action_set_lost(),
            "empty": lambda: self.deal.action_set_lost(lost_reason_id=False),
            "write": lambda: self.deal.write({"active": False, "probability": 0}),
            "two writes": lambda: (
                self.deal.write({"probability": 0}),
                self.deal.write({"active": False}),
            ),
            "archive at 0 %": lambda: (
                zero.write({"probability": 0}),
                self.deal.write({"stage_id": self.qualified.id}),
                self.deal.action_archive(),
            ),
            "create": lambda: self._new_deal(
                self.equipment, self.offer, name="Lathe", active=False, probability=0
            ),
        }.items():
            with (
                self.subTest(path=name),
                self.assertReasonAsked(),
                self.env.cr.savepoint(),
            ):
                path()
            self.env.invalidate_all()

    def test_import(self):
        def load(reason):
            return (
                self.env["crm.lead"]
                .with_user(self.manager)
                .load(
                    [
                        "name",
                        "type",
                        "pipeline_id/.id",
                        "team_id/.id",
                        "active",
                        "probability",
                        "lost_reason_id/.id",
                    ],
                    [
                        [
                            "Lathe",
                            "opportunity",
                            str(self.equipment.id),
                            str(self.equipment_team.id),
                            "False",
                            "0",
                            reason,
                        ]
                    ],
                )
            )

        result = load("")
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], "Lathe.*Equipment.*reason")
        imported = self.env["crm.lead"].browse(load(str(self.reason.id))["ids"])
        self.assertEqual(imported.won_status, "lost")

    def test_with_a_reason(self):
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(self.deal.won_status, "lost")
        self.assertEqual(self.deal.lost_reason_id, self.reason)
        with self.assertReasonAsked():
            self.deal.write({"lost_reason_id": False})

    def test_with_a_reason_at_zero_percent(self):
        """Odoo archives before it writes the reason, which loses it already."""
        self.deal.write({"probability": 0})
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(self.deal.won_status, "lost")

    def test_wizard(self):
        Wizard = self.env["crm.lead.lost"].with_user(self.salesman)
        form = Form(Wizard.with_context(default_lead_ids=self.deal.ids))
        self.assertTrue(form.lost_reason_required)
        with self.assertRaises(AssertionError):
            form.save()
        with self.assertReasonAsked(), self.env.cr.savepoint():
            Wizard.create({"lead_ids": self.deal.ids}).action_lost_reason_apply()
        form.lost_reason_id = self.reason
        form.save().action_lost_reason_apply()
        self.assertEqual(self.deal.won_status, "lost")

    def test_not_asked_elsewhere(self):
        spare = self._new_deal(self.spares, self.offer)
        form = Form(
            self.env["crm.lead.lost"]
            .with_user(self.colleague)
            .with_context(default_lead_ids=spare.ids)
        )
        form.save().action_lost_reason_apply()
        self.assertEqual(spare.won_status, "lost")
        self.deal.action_archive()
        self.assertEqual(self.deal.won_status, "pending")

    def test_lost_before_it_was_asked(self):
        self.equipment.lost_reason_required = False
        self.deal.action_set_lost()
        self.equipment.lost_reason_required = True
        self.deal.write({"expected_revenue": 5, "active": False})
        self.assertEqual(self.deal.won_status, "lost")
