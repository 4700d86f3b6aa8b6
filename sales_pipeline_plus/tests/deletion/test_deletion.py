from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestDeletion(PipelineCase):
    """What refers to a record is named, and nobody's work goes with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pipelines that were made at installation follow Odoo's stages.
        followers = cls.env["crm.pipeline"].search([("follow_odoo_stages", "=", True)])
        stages = cls.qualified | cls.offer | cls.negotiation | cls.won | cls.stray
        followers.pipeline_stage_ids.filtered(
            lambda line: line.stage_id in stages
        ).unlink()
        cls.deal = cls._new_deal(cls.equipment, cls.offer, name="Big Deal")
        cls.env.flush_all()
        cls.env["crm.lead.passage"].flush_model()

    def _new_rule(self, **vals):
        return self.env["crm.pipeline.rule"].create(
            {
                "name": "Call Them",
                "pipeline_id": self.equipment.id,
                "event": "created",
                **vals,
            }
        )

    def _new_plan(self, **vals):
        return self.env["crm.visit.plan"].create(
            {
                "name": "Spring Tour",
                "category_id": self.env["res.partner.category"]
                .create({"name": "Visited"})
                .id,
                "user_id": self.manager.id,
                **vals,
            }
        )

    # ------------------------------------------------------------
    # Columns and stages
    # ------------------------------------------------------------

    @users("pipeline_manager")
    def test_column_leaves_the_pipeline_that_is_shown(self):
        extra = self.stray.with_env(self.env)
        for pipeline in self.equipment, self.spares:
            pipeline.with_env(self.env)._add_stages(extra)
        self._line(self.spares, self.stray).sudo().definition = "What it is"
        extra.with_context(default_pipeline_id=self.equipment.id).unlink()
        self.assertTrue(extra.exists())
        self.assertFalse(self._line(self.equipment, self.stray))
        self.assertEqual(self._line(self.spares, self.stray).definition, "What it is")

    def test_last_column_of_an_unused_stage(self):
        """Nothing is lost with a stage that no pipeline has and no deal ever had."""
        self.equipment._add_stages(self.stray)
        stray = self.stray.with_user(self.manager)
        stray.with_context(default_pipeline_id=self.equipment.id).unlink()
        self.assertFalse(stray.exists())

    def test_column_of_a_stage_of_the_past(self):
        self.deal.stage_id = self.negotiation
        self.env.flush_all()
        self._line(self.spares, self.offer).unlink()
        offer = self.offer.with_user(self.manager)
        offer.with_context(default_pipeline_id=self.equipment.id).unlink()
        self.assertFalse(offer.pipeline_stage_ids)
        with self.assertRefused(UserError, "P. Offer", "Big Deal", "out of its pipel"):
            offer.unlink()
        stay = self.env["crm.lead.passage"].search(
            [("lead_id", "=", self.deal.id)], order="id", limit=1
        )
        self.assertEqual(stay.stage_id.name, "P. Offer")

    def test_column_with_deals(self):
        stage = self.offer.with_user(self.manager)
        with self.assertRefused(UserError, "P. Offer", "Equipment", r"included \(1\)"):
            stage.with_context(default_pipeline_id=self.equipment.id).unlink()

    def test_column_with_a_rule(self):
        self._new_rule(event="stage_entered", stage_id=self.qualified.id)
        stage = self.qualified.with_user(self.manager)
        with self.assertRefused(UserError, "P. Qualified", "Equipment", "Call Them"):
            stage.with_context(default_pipeline_id=self.equipment.id).unlink()
        with self.assertRefused(UserError, "P. Qualified", "Call Them"):
            stage.unlink()

    def test_column_by_a_salesperson(self):
        stage = self.qualified.with_user(self.salesman)
        with self.assertRaises(AccessError):
            stage.with_context(default_pipeline_id=self.equipment.id).unlink()

    def test_column_that_the_shown_pipeline_does_not_have(self):
        self.assertFalse(self.stray.pipeline_stage_ids)
        self.stray.with_context(default_pipeline_id=self.equipment.id).unlink()
        self.assertFalse(self.stray.exists())

    def test_stage_of_two_pipelines(self):
        with self.assertRefused(
            UserError, "P. Qualified", "Equipment: P. Qual", "Spare parts: P. Qual"
        ):
            self.qualified.with_user(self.manager).unlink()

    def test_stage_of_pipelines_that_follow(self):
        """Where Odoo's stages are followed, deleting one is as in Odoo."""
        follower = self._new_pipeline(
            "Follower", {self.offer: 10, self.won: 100}, follow_odoo_stages=True
        )
        follower._add_stages(self.stray)
        self.stray.with_user(self.manager).unlink()
        self.assertFalse(self.stray.exists())
        self.assertEqual(follower.stage_ids, self.offer | self.won)

    def test_stage_with_a_lost_deal(self):
        lost = self._new_deal(self.equipment, self.negotiation, name="Lost Deal")
        lost.action_set_lost()
        with self.assertRefused(UserError, "P. Negotiation", "Lost Deal"):
            self.negotiation.with_user(self.manager).unlink()

    def test_pipeline_whose_deals_moved_on(self):
        self.deal.sudo().write(
            {"pipeline_id": self.spares.id, "stage_id": self.offer.id}
        )
        self.env.flush_all()
        self.equipment_team.pipeline_id = False
        with self.assertRefused(UserError, "Equipment", "Big Deal", "Archive it"):
            self.equipment.with_user(self.manager).unlink()
        self.equipment.with_user(self.manager).active = False

    def test_pipeline_with_a_rule_and_of_a_team(self):
        pipeline = self._new_pipeline("Young", {self.stray: 10})
        pipeline.team_ids = self.spares_team
        self._new_rule(pipeline_id=pipeline.id)
        source = self._new_pipeline("Source", {self.stray: 10})
        self.spares_team.pipeline_id = pipeline
        with self.assertRefused(UserError, "Young", "Spares"):
            pipeline.with_user(self.manager).unlink()
        with self.assertRefused(UserError, "Spares", "Young"):
            self.spares_team.with_user(self.manager).unlink()
        source.with_user(self.manager).unlink()
        self.assertFalse(source.exists())

    def test_pipeline_that_others_go_on_in(self):
        delivery = self._new_pipeline("Delivery", {self.won: 100})
        source = self._new_pipeline("Source", {self.stray: 10, self.won: 100})
        source.won_pipeline_id = delivery
        with self.assertRefused(UserError, "Delivery", "Source"):
            delivery.with_user(self.manager).unlink()
        (source | delivery).with_user(self.manager).unlink()
        self.assertFalse((source | delivery).exists())

    def test_rule_that_launched(self):
        rule = self._new_rule()
        deal = self._new_deal(self.equipment, self.offer)
        self.env.flush_all()
        self.env["crm.pipeline.rule"]._launch_pending()
        log = self.env["crm.pipeline.rule.log"].search(
            [("rule_id", "=", rule.id), ("lead_id", "=", deal.id)]
        )
        self.assertTrue(log)
        with self.assertRefused(UserError, "Call Them", "Archive it"):
            rule.unlink()
        number = deal.id
        deal.with_user(self.manager).unlink()
        self.env.invalidate_all()
        self.assertRecordValues(
            log,
            [
                {
                    "lead_id": False,
                    "former_lead_id": number,
                    "lead_name": "Deal",
                    "user_id": self.salesman.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertTrue(log.with_user(self.salesman).search([("id", "=", log.id)]))
        self.assertFalse(log.with_user(self.colleague).search([("id", "=", log.id)]))
        self.assertFalse(log.with_user(self.foreigner).search([("id", "=", log.id)]))

    def test_rule_logs_of_merged_deals(self):
        self._new_rule()
        deals = self._new_deal(self.equipment, self.offer) | self._new_deal(
            self.equipment, self.offer
        )
        self.env.flush_all()
        self.env["crm.pipeline.rule"]._launch_pending()
        logs = self.env["crm.pipeline.rule.log"].search([("lead_id", "in", deals.ids)])
        self.assertEqual(len(logs), 2)
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertEqual(len(logs.exists()), 2)
        self.assertIn(merged, logs.lead_id)

    # ------------------------------------------------------------
    # Records of Odoo
    # ------------------------------------------------------------

    def test_product_on_a_deal(self):
        product = self.env["product.product"].create({"name": "Used Product"})
        self.env["crm.lead.product"].create(
            {"lead_id": self.deal.id, "product_id": product.id}
        )
        with self.assertRefused(UserError, "Used Product"):
            product.unlink()
        with self.assertRefused(UserError, "Used Product", "Archive it"):
            product.product_tmpl_id.unlink()

    def test_plan_and_activity_type_of_a_rule(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "First Steps", "res_model": "crm.lead"}
        )
        kind = self.env["mail.activity.type"].create({"name": "Smoke Signal"})
        self._new_rule(action="plan", plan_id=plan.id)
        self._new_rule(activity_type_id=kind.id)
        for record, name in ((plan, "First Steps"), (kind, "Smoke Signal")):
            with self.assertRefused(UserError, name, "Call Them", "Archive it"):
                record.unlink()

    def test_user_of_a_rule(self):
        user = self._new_user("leaver", "sales_team.group_sale_salesman")
        self._new_rule(responsible="user", user_id=user.id)
        with self.assertRefused(UserError, "leaver", "Call Them"):
            user.unlink()

    def test_user_with_a_workbook(self):
        user = self._new_user("leaver", "sales_team.group_sale_salesman")
        self.env["crm.workbook"].create({"name": "My Workbook", "user_id": user.id})
        with self.assertRefused(UserError, "leaver", "My Workbook", "Archive it"):
            user.unlink()

    def test_tag_kind_and_customer_of_visits(self):
        plan = self._new_plan()
        customer = self.env["res.partner"].create({"name": "Visited Customer"})
        self.env["crm.visit"].create(
            {"plan_id": plan.id, "partner_id": customer.id, "date": "2026-01-01"}
        )
        for record, words in (
            (plan.category_id, ["Visited", "Spring Tour"]),
            (plan.activity_type_id, [plan.activity_type_id.name]),
            (plan, ["Spring Tour", "Visited Customer", "Archive it"]),
            (customer, ["Visited Customer", "Recurring Visit", "Archive it"]),
        ):
            with self.assertRefused(UserError, *words):
                record.unlink()

    def test_contact_with_a_role(self):
        bare, busy = self.env["res.partner"].create(
            [{"name": "Bare"}, {"name": "Busy"}]
        )
        self.deal.partner_id = bare
        role = self.env["crm.contact.role"].create({"name": "Decides A Lot"})
        self.env["crm.lead.contact"].create(
            {
                "lead_id": self.deal.id,
                "partner_id": busy.id,
                "role_ids": role.ids,
            }
        )
        self.env.flush_all()
        bare.unlink()
        self.assertFalse(self.deal.partner_id)
        self.assertEqual(self.deal.contact_ids.partner_id, busy)
        with self.assertRefused(UserError, "Busy", "Big Deal|Busy", "Archive it"):
            busy.unlink()
        self.assertEqual(self.deal.contact_ids.role_ids, role)

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def test_names_only_what_the_user_may_read(self):
        """The manager of one company is not told the names of another's deals."""
        foreign = self._new_deal(
            None,
            self.stray,
            user=self.foreigner,
            name="Secret Deal",
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
            pipeline_id=self._new_pipeline("Foreign", {self.stray: 10}).id,
        )
        self.assertEqual(foreign.stage_id, self.stray)
        with self.assertRefused(UserError, "P. Stray", "others") as refusal:
            self.stray.with_user(self.manager).unlink()
        self.assertNotIn("Secret Deal", str(refusal or ""))

    def test_many_are_not_all_named(self):
        for number in range(5):
            self._new_deal(self.equipment, self.negotiation, name=f"Deal {number}")
        with self.assertRefused(UserError, "Deal 0", "Deal 1", "Deal 2”, others"):
            self.negotiation.unlink()

    def test_foreign_key_in_a_race(self):
        """Where only the database knows, Odoo's own way has words, too."""
        with self.assertRaises(IntegrityError) as refusal, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "DELETE FROM crm_stage WHERE id = %s", [self.offer.id]
                )
        message = self.env["base"]._sql_error_to_message(refusal.exception)
        self.assertRegex(message, "cannot be deleted|Another model is using")
        self.assertNotIn("violates", message)


@tagged("post_install", "-at_install")
class TestPartnerMerge(PipelineCase):
    """Merging contacts loses nobody's work."""

    def _merge(self, partners, target):
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.env.ref("base.user_admin")
        )._merge(partners.ids, target)
        self.env.invalidate_all()

    def test_roles_on_deals(self):
        one, two, three = self.env["res.partner"].create(
            [{"name": "Anne"}, {"name": "Ann"}, {"name": "Anna"}]
        )
        buyer, user = self.env["crm.contact.role"].create(
            [{"name": "Buys It"}, {"name": "Uses It"}]
        )
        first = self._new_deal(self.equipment, self.offer, partner_id=one.id)
        second = self._new_deal(self.equipment, self.offer)
        lines = self.env["crm.lead.contact"]
        for deal, partner, role in (
            (first, two, buyer),
            (first, three, user),
            (second, three, user),
        ):
            lines.create(
                {
                    "lead_id": deal.id,
                    "partner_id": partner.id,
                    "role_ids": role.ids,
                    "comment": partner.name,
                }
            )
        self._merge(one | two | three, one)
        self.assertRecordValues(
            first.contact_ids,
            [
                {
                    "partner_id": one.id,
                    "role_ids": (buyer | user).ids,
                    "comment": "Ann / Anna",
                    "is_automatic": False,
                    "is_primary": True,
                }
            ],
        )
        self.assertRecordValues(
            second.contact_ids,
            [{"partner_id": one.id, "role_ids": user.ids, "comment": "Anna"}],
        )

    def test_open_visits_of_one_plan(self):
        one, two = self.env["res.partner"].create([{"name": "Anne"}, {"name": "Ann"}])
        plan = self.env["crm.visit.plan"].create(
            {
                "name": "Spring Tour",
                "category_id": self.env["res.partner.category"]
                .create({"name": "Visited"})
                .id,
                "user_id": self.manager.id,
            }
        )
        visits = self.env["crm.visit"].create(
            [
                {
                    "plan_id": plan.id,
                    "partner_id": partner.id,
                    "date": date,
                    "is_open": is_open,
                }
                for partner, date, is_open in (
                    (one, "2026-03-02", True),
                    (two, "2026-03-01", True),
                    (two, "2026-02-01", False),
                )
            ]
        )
        self._merge(one | two, one)
        self.assertEqual(len(visits.exists()), 3)
        self.assertEqual(visits.partner_id, one)
        self.assertEqual(visits.mapped("is_open"), [False, True, False])
