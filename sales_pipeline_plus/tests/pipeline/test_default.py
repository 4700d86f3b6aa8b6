from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestDefault(PipelineCase):
    """Where new opportunities go is a choice, made and seen on the pipelines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.general = cls.company.pipeline_id
        cls.equipment_team.pipeline_id = False

    def test_installed(self):
        self.assertTrue(self.general)
        self.assertFalse(self.general.company_id)
        companies = self.env["res.company"].search([("name", "not like", "Tartem")])
        self.assertTrue(all(company.pipeline_id for company in companies))

    def test_choice(self):
        for pipeline in (self.equipment, self.general):
            pipeline.with_user(self.manager).action_make_default()
            self.assertEqual(self.company.pipeline_id, pipeline)
            self.assertEqual(self._new_deal().pipeline_id, pipeline)
            mine = self.env["crm.pipeline"].with_user(self.manager)
            self.assertEqual(mine.search([("is_default", "=", True)]), pipeline)
            self.assertNotIn(pipeline, mine.search([("is_default", "=", False)]))
            self.assertTrue(pipeline.with_user(self.manager).is_default)
        self.assertEqual(self.other_company.pipeline_id, self.general)
        with self.assertRaises(AccessError):
            self.equipment.with_user(self.salesman).action_make_default()

    def test_new_pipeline_is_not_it(self):
        deal = self._new_deal()
        new = self._new_pipeline("New", {self.offer: 20, self.won: 100}, sequence=-100)
        for vals in ({"user_id": self.colleague.id}, {"team_id": False}):
            deal.with_user(self.manager).write(vals)
            self.assertEqual(deal.pipeline_id, self.general)
        self.assertEqual(self._new_deal().pipeline_id, self.general)
        leads = self.env["crm.lead"]
        mail = leads.with_company(self.company).message_new(
            {"subject": "Hello", "from": "jane@customer.example.com"}
        )
        lead = leads.browse(mail.id)
        self.assertEqual(lead.pipeline_id, self.general)
        self.assertNotEqual(lead.pipeline_id, new)

    def test_no_open_stage(self):
        delivery = self._new_pipeline("Delivery", {self.won: 100})
        with self.assertRefused(ValidationError, "“Delivery”", "no open stage"):
            delivery.with_user(self.manager).action_make_default()
        with self.assertRefused(ValidationError, "“Delivery”", "no open stage"):
            self.equipment_team.pipeline_id = delivery
        self.assertFalse(delivery.can_be_default)
        own = self._new_pipeline("Own", {self.stray: 20, self.won: 100})
        self.company.pipeline_id = own
        with self.assertRefused(ValidationError, "“Own”", "no open stage"):
            self._line(own, self.stray).unlink()
        with self.assertRefused(ValidationError, "“Own”", "no open stage"):
            self.stray.is_won = True

    def test_archived(self):
        self.company.pipeline_id = self.equipment
        with self.assertRefused(ValidationError, "default pipeline of Tartempion"):
            self.equipment.active = False
        with self.assertRefused(UserError, "“Equipment” cannot be deleted"):
            self.equipment.unlink()
        archived = self._new_pipeline("Old", {self.offer: 9}, active=False)
        with self.assertRefused(ValidationError, "cannot be archived"):
            self.company.pipeline_id = archived

    def test_limits(self):
        self.company.pipeline_id = self.equipment
        with self.assertRefused(ValidationError, "open to all sales teams"):
            self.equipment.team_ids = self.equipment_team
        with self.assertRefused(ValidationError, "belongs to Tartempion Inc."):
            self.equipment.company_id = self.other_company

    def test_lead_of_no_company(self):
        lead = (
            self.env["crm.lead"]
            .with_company(self.company)
            .create({"name": "Web", "team_id": False, "user_id": False})
        )
        self.assertEqual(lead.pipeline_id, self.general)

    def test_my_pipeline(self):
        action = self.env["crm.team"].with_user(self.colleague).action_your_pipeline()
        self.assertEqual(
            action["context"]["searchpanel_default_pipeline_id"], self.spares.id
        )
        action = self.env["crm.team"].with_user(self.salesman).action_your_pipeline()
        self.assertEqual(
            action["context"]["searchpanel_default_pipeline_id"], self.general.id
        )

    def test_my_pipeline_has_deals(self):
        """Not an empty one, when there are deals elsewhere."""
        teams = self.env["crm.team"].with_user(self.salesman)
        self._new_deal(self.equipment)
        self.assertEqual(teams._get_pipeline_to_open(), (self.equipment.id, True))
        for _number in range(2):
            self._new_deal(self.spares, user_id=self.salesman.id, user=self.manager)
        self.assertEqual(teams._get_pipeline_to_open(), (self.spares.id, True))
        self._new_deal(self.general, team_id=False)
        self.assertEqual(teams._get_pipeline_to_open(), (self.general.id, True))

    def test_my_pipeline_of_others(self):
        """Who has no open deals sees those of others, if they may."""
        self.env["crm.lead"].search([]).active = False
        deal = self._new_deal(self.equipment)
        action = self.env["crm.team"].with_user(self.manager).action_your_pipeline()
        context = action["context"]
        self.assertEqual(context["searchpanel_default_pipeline_id"], self.equipment.id)
        self.assertNotIn("search_default_assigned_to_me", context)
        action = self.env["crm.team"].with_user(self.salesman).action_your_pipeline()
        self.assertIn("search_default_assigned_to_me", action["context"])
        # A won deal is none to work on.
        deal.action_set_won()
        other = self._new_deal(self.spares, user_id=self.salesman.id, user=self.manager)
        teams = self.env["crm.team"].with_user(self.salesman)
        self.assertEqual(teams._get_pipeline_to_open(), (self.spares.id, True))
        other.action_set_lost()
        self.assertEqual(teams._get_pipeline_to_open(), (self.general.id, True))


@tagged("post_install", "-at_install")
class TestStagesOfAPipeline(PipelineCase):
    """A pipeline has stages and starts with an open one, or all are won."""

    def test_no_stage(self):
        pipelines = self.env["crm.pipeline"].with_user(self.manager)
        for vals in ({}, {"pipeline_stage_ids": []}):
            with self.assertRefused(ValidationError, "“Empty” needs stages"):
                pipelines.create({"name": "Empty", **vals})
        with self.assertRefused(ValidationError, "“Lonely” needs stages"):
            self._new_pipeline("Lonely", {self.stray: 5}).pipeline_stage_ids.unlink()
        with self.assertRefused(ValidationError, "“Lonely” needs stages"):
            self._new_pipeline("Lonely", {self.stray: 5}).pipeline_stage_ids = [(5,)]
        lonely = self._new_pipeline("Lonely", {self.stray: 5})
        with self.assertRefused(ValidationError, "“Lonely” needs stages"):
            self.stray.with_context(default_pipeline_id=lonely.id).unlink()

    def test_context_from_outside_skips_no_check(self):
        outside = {"install_mode": True, "pipeline_stages_in_change": True}
        lonely = self._new_pipeline("Lonely", {self.stray: 5})
        lonely = lonely.with_user(self.manager).with_context(**outside)
        with self.assertRefused(ValidationError, "“Lonely” needs stages"):
            lonely.pipeline_stage_ids.unlink()
        with self.assertRefused(ValidationError, "“Empty” needs stages"):
            lonely.create({"name": "Empty"})
        with self.assertRefused(ValidationError, "starts with the won stage “P. Won”"):
            self._line(self.equipment, self.won).with_env(lonely.env).sequence = -1

    def test_in_the_form(self):
        with Form(self.env["crm.pipeline"].with_user(self.manager)) as form:
            form.name = "Projects"
            form.start_from = "odoo"
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        self.assertEqual(set(form.record.stage_ids), set(stages))

    def test_templates(self):
        pipelines = self.env["crm.pipeline"].with_user(self.manager)
        known = self.env["crm.stage"].search([])
        following = pipelines.search([("follow_odoo_stages", "=", True)])
        theirs = following.stage_ids
        for start in ("projects", "consumables", "services", "temperature"):
            with self.subTest(start), Form(pipelines) as form:
                form.name = start
                form.start_from = start
                self.assertIn("→", form.start_preview)
                pipeline = form.save()
                lines = pipeline.pipeline_stage_ids
                self.assertEqual(
                    lines.mapped("probability"), sorted(lines.mapped("probability"))
                )
                self.assertEqual(
                    lines.mapped("is_won"), [False] * (len(lines) - 1) + [1]
                )
                self.assertEqual(pipeline.probability_method, "stage")
        self.assertEqual(following.stage_ids, theirs)
        new = self.env["crm.stage"].search([]) - known
        self.assertEqual(len(new), len(set(new.mapped("name"))))
        with self.assertRefused(UserError, "“start_from” must be one of"):
            pipelines.create({"name": "Odd", "start_from": "odd"})

    def test_import(self):
        found = (
            self.env["crm.pipeline"]
            .with_user(self.manager)
            .load(
                ["name", "pipeline_stage_ids/stage_id", "pipeline_stage_ids/sequence"],
                [["Imported", "P. Offer", "1"], ["", "P. Won", "2"]],
            )
        )
        self.assertFalse(found["messages"])
        pipeline = self.env["crm.pipeline"].browse(found["ids"])
        self.assertEqual(pipeline.stage_ids, self.offer + self.won)

    def test_won_first(self):
        with self.assertRefused(ValidationError, "“Odd” starts with the won stage"):
            self._new_pipeline("Odd", {self.won: 100, self.offer: 10})
        won = self._line(self.equipment, self.won)
        with self.assertRefused(ValidationError, "starts with the won stage “P. Won”"):
            won.sequence = -1
        with self.assertRefused(ValidationError, "starts with the won stage"):
            self.qualified.is_won = True
        delivery = self._new_pipeline("Delivery", {self.won: 100})
        self.assertEqual(delivery.stage_ids, self.won)

    def test_in_any_order_on_the_way(self):
        """A form writes its lines one after the other."""
        won, first = (
            self._line(self.equipment, stage) for stage in (self.won, self.qualified)
        )
        self.equipment.with_user(self.manager).pipeline_stage_ids = [
            (1, won.id, {"sequence": -1}),
            (1, first.id, {"sequence": -2}),
        ]
        self.env.invalidate_all()
        self.assertEqual(self.equipment.stage_ids[:2], self.qualified + self.won)

    def test_no_probability(self):
        self._line(self.equipment, self.qualified).probability = 0
        findings = "".join(found for found, _why in self.equipment._get_findings())
        self.assertIn("The probability is 0 %: P. Qualified", findings)
