from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestPipeline(PipelineCase):
    """Pipelines with their own stages in their own order."""

    def _get_columns(self, domain, user=None):
        """Return the kanban's columns, as the web client asks for them."""
        found = (
            self.env["crm.lead"]
            .with_user(user or self.salesman)
            .with_context(read_group_expand=True)
            .web_read_group(
                [("type", "=", "opportunity"), *domain],
                ["stage_id"],
                ["expected_revenue:sum"],
                auto_unfold=True,
                unfold_read_specification={"stage_id": {}},
            )
        )
        ids = [group["stage_id"][0] for group in found["groups"] if group["stage_id"]]
        return self.env["crm.stage"].browse(ids)

    def test_columns_in_the_order_of_the_pipeline(self):
        for domain in (
            [("pipeline_id", "=", self.equipment.id)],
            [("pipeline_id", "in", self.equipment.ids)],
            [("pipeline_id", "ilike", "equipm")],
        ):
            self.assertEqual(
                self._get_columns(domain),
                self.qualified + self.offer + self.negotiation + self.won,
                domain,
            )
        domain = [("pipeline_id", "=", self.spares.id)]
        columns = self.qualified + self.negotiation + self.offer + self.won
        self.assertEqual(self._get_columns(domain), columns)
        self._new_deal(self.equipment, self.offer, self.salesman)
        self._new_deal(self.spares, self.offer)
        self.assertEqual(self._get_columns(domain, self.colleague), columns)
        self.assertEqual(
            self.spares.stage_ids, columns, "The field is in the same order."
        )

    def test_columns_of_several_pipelines(self):
        """The union, each stage once, in the order of the stages themselves."""
        pipeline = self._new_pipeline("Projects", {self.stray: 5, self.won: 100})
        domain = [("pipeline_id", "in", (self.spares | pipeline).ids)]
        self.assertEqual(
            self._get_columns(domain),
            self.qualified + self.offer + self.negotiation + self.won + self.stray,
        )
        everything = self._get_columns([])
        self.assertLessEqual(
            self.qualified | self.offer | self.negotiation | self.won, everything
        )
        self.assertEqual(len(everything), len(set(everything)))
        self.assertEqual(everything, everything.sorted())

    def test_columns_without_archived_pipelines(self):
        own = self.env["crm.stage"].create({"name": "P. Own", "sequence": 60})
        pipeline = self._new_pipeline("Old", {own: 5, self.won: 100})
        following = self.env["crm.pipeline"].search([("follow_odoo_stages", "=", True)])
        following.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == own
        ).unlink()
        self.assertIn(own, self._get_columns([]))
        deal = self._new_deal(pipeline, own)
        pipeline.active = False
        self.assertIn(own, self._get_columns([]), "It is not empty.")
        deal.stage_id = self.won
        self.assertNotIn(own, self._get_columns([]))

    def test_columns_of_another_company(self):
        own = self.env["crm.stage"].create({"name": "P. Own", "sequence": 60})
        pipeline = self._new_pipeline(
            "Abroad", {own: 5, self.won: 100}, company_id=self.other_company.id
        )
        following = self.env["crm.pipeline"].search([("follow_odoo_stages", "=", True)])
        following.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == own
        ).unlink()
        self.assertNotIn(own, self._get_columns([]))
        self.assertIn(own, self._get_columns([], self.foreigner))
        self.assertEqual(
            self._get_columns([("pipeline_id", "=", pipeline.id)], self.foreigner),
            own + self.won,
        )

    def test_columns_moved_in_the_pipeline(self):
        """The kanban resequences all columns that it shows."""
        before = [(stage, stage.sequence) for stage in self.equipment.stage_ids]
        stages = self.offer + self.qualified + self.negotiation + self.won
        found = (
            stages.with_user(self.manager)
            .with_context(default_pipeline_id=self.equipment.id)
            .web_resequence({"sequence": {}})
        )
        self.assertEqual([values["id"] for values in found], stages.ids)
        self.env.invalidate_all()
        self.assertEqual(self.equipment.stage_ids, stages)
        self.assertEqual(
            self._get_columns([("pipeline_id", "=", self.equipment.id)]), stages
        )
        self.assertEqual(
            self.spares.stage_ids,
            self.qualified + self.negotiation + self.offer + self.won,
        )
        self.assertEqual(before, [(stage, stage.sequence) for stage, _old in before])

    def test_columns_moved_in_all_pipelines(self):
        stages = self.offer + self.qualified
        stages.with_user(self.manager).web_resequence({"sequence": {}}, offset=3)
        self.assertEqual(stages.mapped("sequence"), [3, 4])

    def test_available_stages(self):
        deal = self._new_deal(self.spares)
        self.assertEqual(
            deal.available_stage_ids,
            self.qualified + self.negotiation + self.offer + self.won,
        )
        pipeline = self._new_pipeline("Projects", {self.stray: 5, self.qualified: 9})
        with Form(deal) as form:
            form.pipeline_id = pipeline
            self.assertEqual(
                set(form.available_stage_ids.ids), set(pipeline.stage_ids.ids)
            )

    def test_pipelines_as_groups(self):
        found = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .with_context(read_group_expand=True)
            .web_read_group([("type", "=", "opportunity")], ["pipeline_id"], [])
        )
        ids = {group["pipeline_id"][0] for group in found["groups"]}
        self.assertLessEqual({self.equipment.id, self.spares.id}, ids)

    def test_default_of_the_team(self):
        self.assertEqual(self._new_deal().pipeline_id, self.equipment)
        self.equipment_team.pipeline_id = self.spares
        self.assertEqual(self._new_deal().pipeline_id, self.spares)

    def test_default_without_a_choice(self):
        """The company's choice; a new pipeline is never it by itself."""
        self.equipment_team.pipeline_id = False
        general = self.company.pipeline_id
        self._new_pipeline("New", {self.offer: 30, self.won: 100}, sequence=-10)
        self._new_pipeline(
            "For machines",
            {self.offer: 30, self.won: 100},
            sequence=-10,
            team_ids=self.equipment_team.ids,
        )
        self.assertEqual(self._new_deal().pipeline_id, general)
        self.company.pipeline_id = self.spares
        self.assertEqual(self._new_deal().pipeline_id, self.spares)

    def test_default_with_the_given_stage(self):
        """A stage that the default pipeline lacks says which pipeline is meant."""
        own = (
            self.env["crm.stage"]
            .with_context(in_pipeline_form=True)
            .create({"name": "P. Own"})
        )
        pipeline = self._new_pipeline("Projects", {own: 15, self.won: 100})
        self._new_pipeline("New", {own: 15, self.won: 100}, sequence=-20)
        deal = self._new_deal(stage=own)
        self.assertEqual(deal.pipeline_id, pipeline)
        self.assertDeal(deal, 15, "stage", stage=own)

    def test_default_of_the_context(self):
        """The kanban of a pipeline creates in it."""
        leads = self.env["crm.lead"].with_user(self.salesman)
        leads = leads.with_context(
            default_type="opportunity", default_pipeline_id=self.spares.id
        )
        self.assertEqual(leads.create({"name": "Deal"}).pipeline_id, self.spares)
        with Form(leads, view="crm.quick_create_opportunity_form") as form:
            form.name = "Deal"
        self.assertEqual(form.record.pipeline_id, self.spares)

    def test_chosen_pipeline_gives_the_team(self):
        """A deal created in a pipeline limited to teams gets one of those teams."""
        self.spares.team_ids = self.spares_team
        leads = self.env["crm.lead"].with_user(self.manager)
        vals = {"name": "Chosen", "type": "opportunity"}
        deal = leads.create({**vals, "pipeline_id": self.spares.id})
        self.assertEqual(deal.team_id, self.spares_team)
        in_panel = leads.with_context(default_pipeline_id=self.spares.id)
        deal = in_panel.create(vals)
        self.assertEqual(
            (deal.team_id, deal.pipeline_id), (self.spares_team, self.spares)
        )
        with Form(in_panel.with_context(default_type="opportunity")) as form:
            form.name = "Chosen in a form"
            self.assertEqual(form.team_id, self.spares_team)
        self.assertEqual(form.record.pipeline_id, self.spares)

    def test_team_limit(self):
        deal = self._new_deal(self.equipment)
        self.spares.team_ids = self.spares_team
        with self.assertRefused(ValidationError, "not open to.*“Machines”"):
            deal.pipeline_id = self.spares
        with self.assertRefused(ValidationError, "“Spare parts”.*“Machines”"):
            self._new_deal(self.spares, team_id=self.equipment_team.id)
        with self.assertRefused(ValidationError, "not open to the sales team"):
            self.equipment_team.pipeline_id = self.spares
        self._new_deal(self.spares, team_id=False, user_id=False, user=self.manager)

    def test_team_limit_over_deals(self):
        self._new_deal(self.equipment)
        self.equipment_team.pipeline_id = False
        with self.assertRefused(ValidationError, "such as “Deal”"):
            self.equipment.team_ids = self.spares_team
        self.equipment.team_ids = self.equipment_team

    def test_team_limit_over_default(self):
        with self.assertRefused(ValidationError, "default pipeline of Machines"):
            self.equipment.team_ids = self.spares_team

    def test_company_limit(self):
        abroad = self._new_pipeline(
            "Abroad",
            {self.qualified: 5, self.won: 100},
            company_id=self.other_company.id,
        )
        deal = self._new_deal(self.equipment)
        for company in (self.company, self.env["res.company"]):
            with self.assertRaises(UserError):
                self.env["crm.lead"].create(
                    {
                        "name": "Deal",
                        "pipeline_id": abroad.id,
                        "company_id": company.id,
                        "user_id": False,
                        "team_id": False,
                    }
                )
        with self.assertRaises(UserError):
            deal.sudo().pipeline_id = abroad
        with self.assertRaises(UserError):
            self.equipment_team.pipeline_id = abroad
        with self.assertRefused(
            ValidationError, "“Abroad”.*Tartempion Inc.*Tartempion"
        ):
            abroad.team_ids = self.spares_team

    def test_company_limit_over_deals(self):
        self._new_deal(self.equipment)
        self.equipment.company_id = self.company
        self.equipment_team.pipeline_id = False
        with self.assertRefused(UserError, "such as “Deal”"):
            self.equipment.company_id = self.other_company

    def test_default_of_a_company(self):
        abroad = self._new_pipeline(
            "Abroad",
            {self.qualified: 5, self.won: 100},
            company_id=self.other_company.id,
        )
        self.other_company.pipeline_id = abroad
        deal = self._new_deal(
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self.assertEqual(deal.pipeline_id, abroad)
        self.equipment_team.pipeline_id = False
        self.assertNotEqual(self._new_deal().pipeline_id, abroad)

    def test_copy(self):
        stages = self.env["crm.stage"].search_count([])
        copy = self.spares.with_user(self.manager).copy()
        self.assertEqual(copy.name, "Spare parts (copy)")
        self.assertEqual(self.env["crm.stage"].search_count([]), stages)
        self.assertEqual(copy.stage_ids, self.spares.stage_ids)
        self.assertEqual(
            copy.pipeline_stage_ids.mapped("probability"), [20, 60, 75, 100]
        )
        self.assertFalse(copy.pipeline_stage_ids & self.spares.pipeline_stage_ids)
        self.assertFalse(copy.default_team_ids)
        self.assertEqual(self.spares_team.pipeline_id, self.spares)
        copy.pipeline_stage_ids[0].probability = 25
        self.assertEqual(self.spares.pipeline_stage_ids[0].probability, 20)
        self.assertDeal(self._new_deal(copy), 25, "stage")

    def test_delete_when_used(self):
        pipeline = self._new_pipeline("New", {self.offer: 5, self.won: 100})
        pipeline.copy().unlink()
        self._new_deal(pipeline).action_set_lost()
        with self.assertRefused(UserError, "Archive it instead"):
            pipeline.with_user(self.manager).unlink()
        pipeline.with_user(self.manager).action_archive()
        self.assertFalse(pipeline.active)

    def test_archive_when_default(self):
        with self.assertRefused(ValidationError, "default pipeline of Machines"):
            self.equipment.action_archive()

    def test_deals_of_an_archived_pipeline(self):
        """They go on to their end; new ones start elsewhere."""
        deal = self._new_deal(self.equipment)
        self.equipment_team.pipeline_id = self.spares
        self.equipment.active = False
        deal.stage_id = self.negotiation
        self.assertDeal(deal, 80, "stage")
        deal.with_user(self.all_documents).team_id = self.spares_team
        self.assertEqual(deal.pipeline_id, self.equipment)
        deal.action_set_won()
        self.assertDeal(deal, 100, "stage", stage=self.won)
        self.assertEqual(self._new_deal().pipeline_id, self.spares)

    def test_line_leaves_when_unused_only(self):
        deal = self._new_deal(self.equipment, self.offer)
        line = self._line(self.equipment, self.offer).with_user(self.manager)
        for is_lost in (False, True):
            if is_lost:
                deal.action_set_lost()
            with self.assertRefused(UserError, r"“P. Offer” cannot leave.*\(1\)"):
                line.unlink()
            with self.assertRefused(UserError, "cannot leave"):
                line.stage_id = self.stray
            with self.assertRefused(UserError, "cannot leave"):
                line.pipeline_id = self._new_pipeline("New", {self.stray: 5})
            with self.assertRefused(UserError, "cannot leave"):
                self.equipment.pipeline_stage_ids = [(2, line.id)]
        deal.sudo().unlink()
        line.unlink()
        self.assertEqual(
            self.equipment.stage_ids, self.qualified + self.negotiation + self.won
        )

    def test_stage_deleted(self):
        pipeline = self._new_pipeline("New", {self.stray: 5, self.won: 100})
        stray = self.stray.with_user(self.manager)
        with self.assertRefused(UserError, "P. Stray", "New"):
            stray.unlink()
        stray.with_context(default_pipeline_id=pipeline.id).unlink()
        self.assertEqual(self._new_deal(pipeline).stage_id, self.won)

    def test_stage_twice(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["crm.pipeline.stage"].create(
                {"pipeline_id": self.equipment.id, "stage_id": self.offer.id}
            )


@tagged("post_install", "-at_install")
class TestNewStage(PipelineCase):
    """Stages that are created in Odoo's own ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.following = cls._new_pipeline(
            "As in Odoo", {cls.qualified: 10, cls.won: 100}, follow_odoo_stages=True
        )

    def _create(self, vals, **context):
        stages = self.env["crm.stage"].with_user(self.manager).with_context(**context)
        return stages.create({"name": "P. New", **vals}).sudo()

    def test_joins_following_pipelines(self):
        stage = self._create({"sequence": 53})
        self.assertEqual(self.following.stage_ids, self.qualified + stage + self.won)
        self.assertEqual(self._line(self.following, stage).probability, 10)
        self.assertNotIn(stage, self.equipment.stage_ids)

    def test_order_follows_odoo(self):
        stage = self._create({"sequence": 53})
        stage.sequence = 1
        self.env.invalidate_all()
        deal = self._new_deal(self.following)
        self.assertEqual(deal.stage_id, stage)

    def test_won_stage(self):
        stage = self._create({"sequence": 99, "is_won": True})
        self.assertEqual(self._line(self.following, stage).probability, 100)

    def test_in_the_kanban_of_a_pipeline(self):
        stage = self._create({}, default_pipeline_id=self.spares.id)
        self.assertEqual(
            self.spares.stage_ids,
            self.qualified + self.negotiation + self.offer + stage + self.won,
        )
        self.assertEqual(self._line(self.spares, stage).probability, 75)
        self.assertNotIn(stage, self.following.stage_ids)
        self.assertNotIn(stage, self.equipment.stage_ids)

    def test_in_the_kanban_by_its_name(self):
        stages = self.env["crm.stage"].with_user(self.manager)
        stages = stages.with_context(default_pipeline_id=self.equipment.id)
        stage = stages.browse(stages.name_create("P. New")[0])
        self.assertIn(stage, self.equipment.stage_ids)
        deal = self._new_deal(self.equipment)
        deal.stage_id = stage
        self.assertDeal(deal, 80, "stage")

    def test_with_teams(self):
        self.spares_team.pipeline_id = self.following
        elsewhere = self._create({"team_ids": self.equipment_team.ids})
        self.assertNotIn(elsewhere, self.following.stage_ids)
        stage = self._create({"team_ids": self.spares_team.ids})
        self.assertIn(stage, self.following.stage_ids)

    def test_given_to_a_team_later(self):
        self.spares_team.pipeline_id = self.following
        stage = self._create({"team_ids": self.equipment_team.ids})
        stage.with_user(self.manager).team_ids += self.spares_team
        self.assertIn(stage, self.following.stage_ids)

    def test_opened_to_all_teams_later(self):
        stage = self._create({"team_ids": self.equipment_team.ids})
        stage.with_user(self.manager).team_ids = False
        self.assertIn(stage, self.following.stage_ids)
