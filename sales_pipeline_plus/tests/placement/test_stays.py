import random

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestStays(PipelineCase):
    """A deal stays in the pipeline where it was put."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.following = cls._new_pipeline(
            "As in Odoo",
            {cls.qualified: 10, cls.offer: 30, cls.won: 100},
            follow_odoo_stages=True,
            probability_method="predictive",
        )
        cls.limited = cls._new_pipeline(
            "For machines",
            {cls.qualified: 15, cls.won: 100},
            team_ids=cls.equipment_team.ids,
        )
        cls.own = cls._new_pipeline(
            "Of the company",
            {cls.qualified: 25, cls.offer: 30, cls.won: 100},
            company_id=cls.company.id,
        )
        cls.abroad = cls._new_pipeline(
            "Abroad",
            {cls.offer: 35, cls.stray: 70, cls.won: 100},
            company_id=cls.other_company.id,
        )
        cls.other_company.pipeline_id = cls.abroad
        cls.both = cls._new_user("both", "sales_team.group_sale_manager")
        cls.both.company_ids |= cls.other_company
        # What a customer makes next.
        cls.new = cls._new_pipeline("New", {cls.offer: 56, cls.won: 100}, sequence=-100)

    def _new_deals(self):
        deals = self.env["crm.lead"]
        for pipeline in (
            self.equipment,
            self.following,
            self.limited,
            self.own,
            self.company.pipeline_id,
        ):
            line = pipeline.pipeline_stage_ids[0]
            for fate in ("open", "won", "lost"):
                deal = self._new_deal(pipeline, line.stage_id, user=self.manager).sudo()
                if fate == "won":
                    deal.action_set_won()
                elif fate == "lost":
                    deal.action_set_lost()
                deals |= deal
        return deals

    def test_new_pipeline(self):
        """The first thing that a customer makes captures nothing."""
        deals = self._new_deals()

        def get_state(deal):
            # Predictive scoring looks at salesperson and team.
            follows = deal.pipeline_id.probability_method == "stage"
            return deal.pipeline_id, deal.stage_id, follows and deal.probability

        before = [get_state(deal) for deal in deals]
        for vals in (
            {"user_id": self.colleague.id},
            {"user_id": self.salesman.id, "team_id": self.equipment_team.id},
            {"company_id": self.company.id},
            {"type": "opportunity"},
            {"user_id": False},
            {"team_id": False},
        ):
            deals.with_user(self.manager).write(vals)
            self.assertEqual([get_state(deal) for deal in deals], before, vals)

    def test_form(self):
        for deal in self._new_deals().filtered(lambda deal: deal.active):
            with Form(deal.with_user(self.manager)) as form:
                form.user_id = self.colleague
                self.assertEqual(form.pipeline_id, deal.pipeline_id)
            with Form(deal.with_user(self.manager)) as form:
                form.user_id = self.salesman

    def test_proposal_for_a_new_deal(self):
        leads = self.env["crm.lead"].with_user(self.salesman)
        with Form(leads.with_context(default_type="opportunity")) as form:
            form.name = "Fresh"
            self.assertEqual(form.pipeline_id, self.equipment)

    def test_salesperson_who_cannot_work_there(self):
        """Nothing else is possible: it is logged, and a move undoes it."""
        for pipeline in (self.own, self.limited):
            deal = self._new_deal(pipeline, pipeline.stage_ids[0])
            deal = deal.with_user(self.both).with_context(
                allowed_company_ids=self.both.company_ids.ids, mail_notrack=False
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
            deal.user_id = self.foreigner
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            deal = deal.sudo()
            self.assertEqual(deal.pipeline_id, self.abroad)
            self.assertEqual(deal.team_id, self.foreign_team)
            self.assertEqual(deal.company_id, self.other_company)
            self.assertEqual(deal.stage_id, self.offer)
            self.assertEqual(
                deal.pipeline_stage_id, self._line(self.abroad, self.offer)
            )
            self.assertIn("has left it", "".join(deal.message_ids.mapped("body")))

    def test_won_deal_of_who_cannot_work_there(self):
        deal = self._new_deal(self.own, self.won)
        deal.sudo().user_id = self.foreigner
        self.assertEqual(deal.sudo().pipeline_id, self.abroad)
        self.assertEqual(deal.sudo().stage_id, self.won)
        self.assertEqual(deal.sudo().won_status, "won")

    def test_archived_pipeline(self):
        deal = self._new_deal(self.new, self.offer)
        self.new.active = False
        vals = self._prepare_deal(self.new, self.offer)
        for refused in (
            lambda: self.env["crm.lead"].with_user(self.manager).create(vals),
            lambda: self._new_deal(self.equipment).write(
                {"pipeline_id": self.new.id, "stage_id": self.offer.id}
            ),
        ):
            with self.assertRefused(ValidationError, "“New”, which is archived"):
                refused()
        deal.write({"pipeline_id": self.new.id, "name": "Imported again"})
        self.assertEqual(deal.copy().pipeline_id, self.equipment)
        deals = self.env["crm.lead"].with_user(self.manager)
        columns = deals._read_group_stage_ids(
            self.env["crm.stage"], [("pipeline_id", "=", self.new.id)]
        )
        self.assertEqual(columns, self.offer + self.won)

    def test_conversion_by_a_non_member(self):
        """Odoo's team of the salesperson comes, and with it that team's pipeline."""
        self.equipment_team.pipeline_id = self.limited
        for wizard in (False, True):
            lead = self._new_deal(type="lead", user_id=False).sudo()
            self.assertEqual(lead.pipeline_id, self.limited)
            if wizard:
                action = self.env["crm.lead2opportunity.partner"].with_user(
                    self.manager
                )
                action.with_context(
                    active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
                ).create(
                    {
                        "name": "convert",
                        "action": "create",
                        "user_id": self.colleague.id,
                    }
                ).action_apply()
                self.assertEqual(lead.pipeline_id, self.spares)
            else:
                lead.with_user(self.manager).convert_opportunity(
                    False, user_ids=self.colleague.ids
                )
                self.assertEqual(lead.pipeline_id, self.limited)
                self.assertEqual(lead.team_id, self.equipment_team)
            self.assertEqual(lead.type, "opportunity")
            self.assertEqual(lead.user_id, self.colleague)

    def test_property_only_a_move_changes_the_pipeline(self):
        """Any fields, on any path, by any role."""
        rng = random.Random(15)
        deals = self._new_deals()
        users = self.salesman | self.colleague | self.all_documents | self.manager
        teams = self.equipment_team | self.spares_team
        stages = self.qualified | self.offer | self.won | self.negotiation
        choices = {
            "user_id": lambda: rng.choice([False, *users.ids]),
            "team_id": lambda: rng.choice([False, *teams.ids]),
            "company_id": lambda: rng.choice([self.company.id, False]),
            "stage_id": lambda: rng.choice(stages.ids),
            "type": lambda: "opportunity",
            "active": lambda: rng.random() < 0.7,
            "probability": lambda: rng.choice([0, 12, 100]),
            "expected_revenue": lambda: rng.choice([0, 5000]),
            "partner_id": lambda: False,
        }
        refused = 0
        for _step in range(150):
            deal = rng.choice(deals)
            before = deal.pipeline_id
            names = rng.sample(sorted(choices), rng.randint(1, 4))
            vals = {name: choices[name]() for name in names}
            role = rng.choice([self.salesman, self.manager, self.all_documents])
            as_role = deal.with_user(role).with_context(active_test=False)
            path = rng.choice(["write", "load", "multi", "won", "lost", "restore"])
            if not as_role.has_access("write"):
                as_role = deal.with_user(self.manager).with_context(active_test=False)
            try:
                with self.env.cr.savepoint():
                    self._take_path(path, as_role, vals)
                    self.env.flush_all()
            except UserError:
                refused += 1
            self.env.invalidate_all()
            self.assertEqual(deal.pipeline_id, before, (path, vals))
            self.assertTrue(
                not deal.stage_id or before.pipeline_stage_ids & deal.pipeline_stage_id,
                (path, vals),
            )
        self.assertLess(refused, 100)

    def _take_path(self, path, deal, vals):
        if path == "write":
            deal.write(vals)
        elif path == "multi":
            # As a list's edit of several records.
            deal.web_save(vals, {"display_name": {}})
        elif path == "load":
            columns = [f"{name}/.id" if name.endswith("_id") else name for name in vals]
            row = ["" if value is False else str(value) for value in vals.values()]
            deal.env["crm.lead"].load([".id", *columns], [[str(deal.id), *row]])
        elif path == "won":
            deal.action_set_won()
        elif path == "lost":
            deal.action_set_lost()
        else:
            deal.action_restore()
