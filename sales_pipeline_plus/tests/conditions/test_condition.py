from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_rule import RuleCase

CONDITIONS = "odoo.addons.sales_pipeline_plus.models.conditions.crm_condition"


@tagged("post_install", "-at_install")
class TestConditions(RuleCase):
    """What conditions may ask, and with whose rights."""

    def _new_deal(self, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "team_id": self.equipment_team.id,
                "user_id": self.salesman.id,
                **vals,
            }
        )

    def _find_error(self, condition, user=None, model="crm.lead"):
        conditions = self.env["crm.condition"]
        reader = conditions._get_reader(self.env[model], user or self.manager)
        return conditions._find_error(reader, condition)

    # ------------------------------------------------------------
    # WHAT MAY BE ASKED
    # ------------------------------------------------------------

    def test_what_runs(self):
        for condition in (
            "",
            False,
            "[]",
            "[('id', '>', 5)]",
            "['|', ('type', '=', 'lead'), '!', ('name', 'ilike', 'x')]",
            "[('stage_id.name', '=', 'x'), ('partner_id.country_id.code', '=', 'FR')]",
            "[('partner_id.category_id', 'child_of', 3)]",
            "[('partner_id', 'child_of', 'Morel')]",
            "[('team_id', '=', 'x')]",
            "[('tag_ids', 'in', [1, 2]), ('tag_ids', 'not in', [3])]",
            "[('tag_ids', '=', False)]",
            "[('user_id', 'ilike', 'x'), ('user_id.sale_team_id', '!=', False)]",
            "[('user_id.name', 'ilike', 'x')]",
            "[('date_deadline', '<', 'today +7d')]",
            "[('date_deadline.month_number', '=', 3)]",
            "[('deal_status', '=', 'late'), ('next_action_state', '=', 'missing')]",
            "[('order_ids.order_line.product_id.categ_id', '!=', False)]",
            "[('order_ids', 'any', [('order_line', '=', False)])]",
            "[('create_uid', '=', 2)]",
            "[('lead_properties.abc', '=', 'x')]",
        ):
            with self.subTest(condition):
                self.assertFalse(self._find_error(condition))

    @mute_logger(CONDITIONS, "odoo.sql_db")
    def test_numbers_and_brackets_out_of_range(self):
        for condition, word in (
            ("[('id', '>', 99999999999999999999)]", "range"),
            ("[('expected_revenue', '>', 1e400)]", "range"),
            ("[('expected_revenue', 'in', [-1e400, 5])]", "range"),
            (f"[('id', 'in', [{2**70}])]", "range"),
            ("[" * 300 + "]" * 300, "nested"),
            ("(" * 90 + "-" * 5000 + "1" + ")" * 90, "nested"),
            ("['!', ('name', '=', [])]" + "[" * 300, "nested"),
        ):
            with self.subTest(condition[:40]):
                error = self._find_error(condition)
                self.assertIn(word, error)
                self.assertNotIn("everybody", error)
        error = self._find_error("[('expected_revenue', '=', 'abc')]")
        self.assertIn("Expected Revenue", error)
        error = self._find_error("[('stage_id.sequence', '=', 'abc')]")
        self.assertIn("Sequence", error)

    @mute_logger(CONDITIONS)
    def test_no_field_that_depends_on_who_asks(self):
        """By kind: whatever is not stored, or stored for each company."""
        allowed = self.env["crm.condition"]._get_computed_condition_fields()
        models = self.env["crm.condition"]._get_condition_models()
        for name in ("crm.lead", "res.partner", "sale.order"):
            for field in self.env[name]._fields.values():
                if field.inherited or field.store and not field.company_dependent:
                    continue
                if field.name in ("display_name", *allowed.get(name, ())):
                    continue
                with self.subTest(field=str(field)):
                    condition = f"[({field.name!r}, '=', False)]"
                    self.assertTrue(self._find_error(condition, model=name))
        for name in models & set(self.env.registry):
            for field in self.env[name]._fields.values():
                if field.relational and field.comodel_name not in models:
                    with self.subTest(field=str(field)):
                        condition = f"[('{field.name}.id', '!=', 0)]"
                        self.assertTrue(self._find_error(condition, model=name))

    def test_rights_of_models_and_fields(self):
        order = "[('order_ids.amount_total', '>', 5)]"
        self.assertFalse(self._find_error(order))
        employee = self._new_user("employee", "base.group_user")
        self.assertIn(employee.name, self._find_error("[]", employee))
        self.assertTrue(self._find_error("[('partner_id.signup_type', '!=', False)]"))
        self.assertTrue(
            self._find_error("[('partner_id.bank_ids', '!=', False)]", self.manager)
        )

    def test_answers_do_not_depend_on_who_looks(self):
        """The language, the companies and the rest of the context are the writer's."""
        conditions = self.env["crm.condition"]
        self.env["res.lang"]._activate_lang("fr_FR")
        self.qualified.with_context(lang="fr_FR").name = "P. Qualifiée"
        deal = self._new_deal(stage_id=self.qualified.id)
        condition = Domain("stage_id.name", "=", "P. Qualified")
        for context in ({"lang": "fr_FR"}, {"lang": "en_US"}, {"active_test": True}):
            for user in (self.salesman, self.colleague, self.foreigner):
                leads = self.env["crm.lead"].with_user(user).with_context(**context)
                reader = conditions._get_reader(leads, self.salesman)
                found = reader.search(conditions._get_domain(reader, condition))
                self.assertIn(deal.id, found.ids)

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def test_rule_asks_with_the_rights_of_its_writer(self):
        partner = self.env["res.partner"].create({"name": "Both companies"})
        self.env["crm.lead"].create(
            {
                "name": "Abroad",
                "type": "opportunity",
                "expected_revenue": 12345,
                "partner_id": partner.id,
                "company_id": self.other_company.id,
                "team_id": self.foreign_team.id,
                "user_id": False,
            }
        )
        rules = self.env["crm.pipeline.rule"].with_user(self.manager)
        rule = rules.create(
            {
                "name": "Spy",
                "pipeline_id": self.equipment.id,
                "event": "created",
                "activity_type_id": self.call.id,
                "condition": "[('partner_id.opportunity_ids.expected_revenue', '=', "
                "12345)]",
            }
        )
        self.assertEqual(rule.condition_user_id, self.manager)
        self.assertPlanned(self._new_deal(partner_id=partner.id))
        self.manager.company_ids |= self.other_company
        self.assertPlanned(self._new_deal(partner_id=partner.id), "Spy")

    @mute_logger(CONDITIONS)
    def test_rule_refuses_wrong_conditions(self):
        rule = self._new_rule("created").with_user(self.manager)
        for condition in (
            "[('expected_revenue', '=', 'abc')]",
            "[('expected_revenue', '>', [1])]",
            "[('name', '=', 'a\\x00b')]",
            "[('message_ids.body', 'ilike', 'x')]",
            "[('message_is_follower', '=', True)]",
            "[('user_id', '=', uid)]",
            "[(1, 2)]",
        ):
            with (
                self.subTest(condition),
                self.assertRaises(ValidationError) as caught,
                self.env.cr.savepoint(),
            ):
                rule.condition = condition
            self.assertIn("Rule created", str(caught.exception))
            self.assertIn("Condition", str(caught.exception))

    @mute_logger(CONDITIONS)
    def test_rule_that_no_longer_runs_says_so(self):
        rule = self._new_rule("created", name="Old")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_pipeline_rule SET condition = %s WHERE id = %s",
            ("[('expected_revenue', '=', 'abc')]", rule.id),
        )
        rule.invalidate_recordset()
        self._new_rule("created", name="Good")
        with mute_logger(
            "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_launch"
        ):
            self.assertPlanned(self._new_deal(), "Good")
        self.assertIn("Old", rule.error_message)
        self.assertNotIn("SELECT", rule.error_message)

    def test_copied_pipeline(self):
        self._new_rule("created", condition="[('id', '>', 0)]")
        copied = self.equipment.with_user(self.manager).copy()
        self.assertEqual(copied.rule_ids.condition_user_id, self.manager)

    # ------------------------------------------------------------
    # RECURRING VISITS
    # ------------------------------------------------------------

    def test_visits_to_customers_that_its_writer_may_read(self):
        gold = self.env["res.partner.category"].create({"name": "C. GOLD"})
        ours, theirs = self.env["res.partner"].create(
            [
                {"name": name, "category_id": gold.ids, "company_id": company.id}
                for name, company in (
                    ("Ours", self.company),
                    ("Theirs", self.other_company),
                )
            ]
        )
        plan = (
            self.env["crm.visit.plan"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Everywhere",
                    "company_id": False,
                    "category_id": gold.id,
                    "activity_type_id": self.call.id,
                }
            )
        )
        self.assertEqual(plan.sudo()._get_customers(0), ours)
        plan.sudo().condition_user_id = self.env.ref("base.user_root")
        self.assertEqual(plan.sudo()._get_customers(0), ours | theirs)
        visit = self.env["crm.visit"].create(
            {
                "plan_id": plan.id,
                "partner_id": theirs.id,
                "date": "2026-03-01",
                "user_id": self.manager.id,
            }
        )
        visits = self.env["crm.visit"].with_user(self.manager)
        self.assertFalse(visits.search([("id", "=", visit.id)]))

    # ------------------------------------------------------------
    # DIALOGS
    # ------------------------------------------------------------

    def test_dialogs_are_their_creator_s(self):
        """Each transient model of both addons, found by introspection."""
        for name, model_class in self.env.registry.items():
            model = self.env[name]
            if not model_class._transient or model_class._original_module not in (
                "sales_pipeline_plus",
                "sales_campaign_goals",
            ):
                continue
            with self.subTest(name):
                domain = self.env["ir.rule"].with_user(self.manager)
                domain = domain._compute_domain(name, "read")
                self.assertIn("create_uid", str(domain), model._description)
