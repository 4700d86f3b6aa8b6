from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ApprovalCase

REFUSED = (UserError, "“Deal”", "Offer", "Equipment", "leader")


@tagged("post_install", "-at_install")
class TestEntry(ApprovalCase):
    """Who may move a deal into a stage, on every way into it."""

    def _new(self, **vals):
        return self._new_deal(self.equipment, self.qualified, **vals)

    def test_off_by_default(self):
        self.assertEqual(
            set(self.env["crm.pipeline.stage"].search([]).mapped("entry_policy"))
            - {self.line.entry_policy},
            {"everybody"},
        )

    def test_leader(self):
        deal = self._new()
        for user in (self.salesman, self.manager):
            with self.subTest(user=user.login), self.assertRefused(*REFUSED):
                deal.with_user(user).stage_id = self.offer
        deal.with_user(self.leader).stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)
        # Out of it and further on is free.
        deal.stage_id = self.negotiation

    def test_administrator_is_no_exception(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        deal = self._new().with_user(admin)
        with self.assertRefused(*REFUSED):
            deal.with_context(allowed_company_ids=self.company.ids).write(
                {"stage_id": self.offer.id}
            )

    def test_without_leader_sales_managers_may(self):
        self.equipment_team.user_id = False
        deal = self._new()
        with self.assertRefused(UserError, "“Deal”", "a sales manager"):
            deal.stage_id = self.offer
        deal.with_user(self.manager).stage_id = self.offer

    def test_archived_leader_is_none(self):
        self.leader.active = False
        deal = self._new()
        deal.with_user(self.manager).stage_id = self.offer

    def test_owner(self):
        self._restrict(self.equipment, self.offer, "owner")
        deal = self._new()
        with self.assertRefused(UserError, "“Deal”", "salesperson, pipeline_salesman"):
            deal.with_user(self.manager).stage_id = self.offer
        with self.assertRefused(UserError, "“Deal”", "salesperson, pipeline_salesman"):
            deal.with_user(self.manager).write(
                {"user_id": self.manager.id, "stage_id": self.offer.id}
            )
        deal.stage_id = self.offer
        nobodys = self._new_deal(
            self.equipment, self.qualified, user_id=False, user=self.leader
        )
        with self.assertRefused(UserError, "“Deal”", "leader"):
            nobodys.with_user(self.salesman).stage_id = self.offer
        nobodys.with_user(self.leader).stage_id = self.offer

    def test_group(self):
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self._restrict(self.equipment, self.offer, "group", group=group)
        deal = self._new()
        with self.assertRefused(UserError, "“Deal”", "members of “A. Deciders”"):
            deal.stage_id = self.offer
        with self.assertRefused(UserError, "“Deal”", "members of “A. Deciders”"):
            deal.with_user(self.leader).stage_id = self.offer
        self.salesman.group_ids |= group
        deal.stage_id = self.offer

    def test_group_is_needed(self):
        with self.assertRefused(ValidationError, "Offer", "choose the group"):
            self.line.entry_policy = "group"

    def test_several_nothing_half_done(self):
        deals = self._new() + self._new(name="Other")
        with self.assertRefused(UserError, "“Deal”.*“Other”"):
            deals.write({"stage_id": self.offer.id})
        self.assertEqual(deals.stage_id, self.qualified)

    def test_create(self):
        for context in ({}, {"default_stage_id": self.offer.id}):
            vals = self._prepare_deal(self.equipment, None if context else self.offer)
            leads = self.env["crm.lead"].with_user(self.salesman)
            with self.subTest(context=context), self.assertRefused(*REFUSED):
                leads.with_context(**context).create(vals)
        self._new_deal(self.equipment, self.offer, user=self.leader)

    def test_copy(self):
        deal = self._new_deal(self.equipment, self.offer, user=self.leader)
        deal = deal.with_user(self.salesman)
        self.assertEqual(deal.copy().stage_id, self.qualified)
        with self.assertRefused(UserError, "Offer", "leader"):
            deal.copy({"stage_id": self.offer.id})

    def test_import(self):
        fields = ["name", "type", "pipeline_id/.id", "stage_id/.id", "team_id/.id"]
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                fields,
                [
                    [
                        "Bad",
                        "opportunity",
                        str(self.equipment.id),
                        str(self.offer.id),
                        str(self.equipment_team.id),
                    ]
                ],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("“Bad”", result["messages"][0]["message"])

    def test_past_is_brought_in_by_managers(self):
        """A stage of the past is a fact; a salesperson does not make one up."""
        self._restrict(self.equipment, self.won, "leader")
        vals = self._prepare_deal(
            self.equipment,
            self.won,
            date_start="2019-01-01 10:00:00",
            date_closed="2020-01-01 10:00:00",
        )
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.salesman).create(vals)
        deal = self.env["crm.lead"].with_user(self.manager).create(vals)
        self.assertStates(deal, "automatic")

    def test_archive_and_restore(self):
        deal = self._new()
        deal.action_archive()
        deal.stage_id = self.offer
        with self.assertRefused(*REFUSED):
            deal.action_unarchive()
        self.env.invalidate_all()
        deal.write({"active": False, "stage_id": self.offer.id})
        with self.assertRefused(*REFUSED):
            deal.write({"active": True})

    def test_create_archived(self):
        deal = self._new_deal(self.equipment, self.offer, active=False)
        with self.assertRefused(*REFUSED):
            deal.action_unarchive()

    def test_lost_and_restored_where_it_was(self):
        deal = self._new_deal(self.equipment, self.offer, user=self.leader)
        deal = deal.with_user(self.salesman)
        deal.action_set_lost()
        self.assertEqual(deal.won_status, "lost")
        deal.action_restore()
        self.assertEqual((deal.active, deal.stage_id), (True, self.offer))

    def test_lead_is_converted(self):
        lead = self._new_deal(self.equipment, self.offer, type="lead")
        with self.assertRefused(*REFUSED):
            lead.convert_opportunity(self.env["res.partner"])
        deal = self._new()
        deal.type = "lead"
        deal.stage_id = self.offer
        with self.assertRefused(*REFUSED):
            deal.type = "opportunity"

    def test_won_button(self):
        self._restrict(self.equipment, self.won, "leader")
        deal = self._new()
        with self.assertRefused(UserError, "“Deal”", "Won", "leader"):
            deal.action_set_won_rainbowman()
        self.assertEqual(deal.won_status, "pending")
        deal.with_user(self.leader).action_set_won()
        self.assertEqual(deal.won_status, "won")

    def test_pipeline(self):
        deal = self._new_deal(self.spares, self.offer, team_id=False, user_id=False)
        with self.assertRefused(UserError, "“Deal”", "Offer", "Equipment", "manager"):
            deal.with_user(self.all_documents).pipeline_id = self.equipment
        deal.with_user(self.manager).pipeline_id = self.equipment

    def test_merge_into(self):
        """What is merged into a deal in the stage comes into the stage."""
        there = self._new_deal(self.equipment, self.offer, user=self.leader)
        deal = self._new(name="Other")
        both = (there + deal).with_user(self.salesman)
        with self.assertRefused(UserError, "“Other”", "Offer", "leader"):
            both.merge_opportunity()
        lead = self._new_deal(self.equipment, type="lead", name="A Lead")
        merged = (there + lead).with_user(self.salesman).merge_opportunity()
        self.assertEqual(merged.stage_id, self.offer)
        merged = (merged + deal).with_user(self.leader).merge_opportunity()
        self.assertEqual(merged.stage_id, self.offer)

    def test_stage_of_the_line(self):
        """The line does not change its stage under what is there."""
        self._new_deal(self.equipment, self.offer, user=self.leader)
        line = self._line(self.equipment, self.negotiation)
        self._new_deal(self.equipment, self.negotiation)
        with self.assertRefused(UserError, "Negotiation", "cannot leave"):
            line.with_user(self.manager).stage_id = self.stray

    def test_kept_field(self):
        deal = self._new()
        with self.assertRefused(AccessError, "kept by themselves"):
            deal.approval_stage_id = self.offer

    def test_context_is_no_way_round(self):
        deal = self._new()
        for key in ("automatic_stage_move", "merged_by_person", "merge_stage_id"):
            with self.subTest(key=key), self.assertRefused(*REFUSED):
                deal.with_context(**{key: self.offer.id}).stage_id = self.offer
        with self.assertRefused(*REFUSED):
            deal.with_user(self.manager).with_context(
                stage_override_reason="Please"
            ).stage_id = self.offer

    def test_machine_is_let_in_and_recorded(self):
        deal = self._new()
        deal.sudo().with_user(self.env.ref("base.user_root")).sudo().write(
            {"stage_id": self.offer.id}
        )
        self.assertStates(deal, "automatic")
        self.assertIn("by itself", "".join(deal.message_ids.mapped("body")))
        mailed = (
            self.env["crm.lead"]
            .sudo()
            .create(self._prepare_deal(self.equipment, self.offer))
        )
        self.assertStates(mailed, "automatic")

    def test_move_wizard(self):
        deal = self._new_deal(
            self.spares, self.offer, user_id=False, team_id=False, user=self.manager
        )
        self.equipment_team.user_id = self.leader
        deal.team_id = self.equipment_team
        move = self.env["crm.pipeline.move"].with_user(self.manager)
        action = move._open(deal.with_user(self.manager), self.equipment)
        move = move.browse(action["res_id"])
        with self.assertRefused(UserError, "“Deal”", "Offer", "leader"):
            move.action_move()
        self.assertEqual(deal.pipeline_id, self.spares)

    def test_texts_for_the_web_client(self):
        deals = self._new() + self._new(name="Other")
        entry = deals.get_move_requirements(self.offer.id)["entry"]
        self.assertEqual(entry["lead_ids"], deals.ids)
        self.assertTrue(entry["can_ask"])
        self.line.entry_approval = False
        entry = deals.get_move_requirements(self.offer.id)["entry"]
        self.assertFalse(entry["can_ask"])
        self.assertIn("leader", entry["message"])
        theirs = deals.with_user(self.leader)
        self.assertFalse(theirs.get_move_requirements(self.offer.id)["entry"])
        self._restrict(self.equipment, self.won, "leader")
        entry = deals[0].get_button_entry("action_set_won_rainbowman")
        self.assertEqual(entry["stage_id"], self.won.id)

    def test_no_query_per_deal(self):
        """The rule costs a move of twenty deals what it costs a move of two."""
        costs = []
        for count in (2, 2, 20):
            counts = []
            for policy in ("everybody", "owner"):
                self._restrict(self.equipment, self.offer, policy)
                deals = self.env["crm.lead"].with_user(self.salesman)
                deals = deals.create([self._prepare_deal(self.equipment)] * count)
                self.env.flush_all()
                self.env.invalidate_all()
                self.env["crm.pipeline"]._get_layout()
                before = self.env.cr.sql_log_count
                deals.write({"stage_id": self.offer.id})
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            costs.append(counts[1] - counts[0])
        # The first round only fills the caches.
        self.assertLess(abs(costs[2] - costs[1]), 5, costs)


@tagged("post_install", "-at_install")
class TestEntryRoles(ApprovalCase):
    def test_other_company(self):
        """A group's members of another company are not asked, nor may they enter."""
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self._restrict(self.equipment, self.offer, "group", group=group)
        (self.foreigner | self.leader).group_ids |= group
        deal = self._new_deal(self.equipment, self.qualified)
        self.assertEqual(
            deal._get_entry_users(deal._get_restricted_line(self.offer.id)).ids,
            self.leader.ids,
        )
        with self.assertRaises(AccessError):
            deal.with_user(self.foreigner).stage_id = self.offer

    def test_facts_are_not_written(self):
        deal = self._new_deal(self.equipment, self.qualified)
        fact = self._ask(deal)
        for user in (self.salesman, self.leader, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                fact.with_user(user).write({"state": "approved"})
            with self.assertRaises(AccessError):
                self.env["crm.lead.approval"].with_user(user).create(
                    {"lead_id": deal.id, "date_requested": "2026-01-01 10:00:00"}
                )
        facts = self.env["crm.lead.approval"]
        for user, seen in (
            (self.salesman, 1),
            (self.colleague, 0),
            (self.leader, 1),
            (self.foreigner, 0),
        ):
            self.assertEqual(
                facts.with_user(user).search_count([("lead_id", "=", deal.id)]), seen
            )

    def test_configuration_is_for_managers(self):
        for user in (self.salesman, self.leader):
            with self.assertRaises(AccessError):
                self.line.with_user(user).entry_policy = "everybody"
        self.line.with_user(self.manager).entry_policy = "everybody"
