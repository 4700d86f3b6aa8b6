from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.figures.digest_digest import STANDING_FIGURES
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestDigest(PipelineCase):
    """The figures of Odoo's digest are what the lists behind them show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Pipelines",
                "company_id": cls.company.id,
                "kpi_crm_without_next_action": True,
                "kpi_crm_late": True,
                "kpi_crm_out_of_standard": True,
                "kpi_crm_won_revenue": True,
            }
        )
        line = cls.equipment.pipeline_stage_ids[0]
        line.limit_days = 10
        cls.old = cls._new_deal(cls.equipment, cls.qualified, name="Old")
        cls._set_in_stage_since(cls.old, "2020-01-01")
        cls.late = cls._new_deal(
            cls.equipment, cls.offer, name="Late", date_deadline="2026-01-01"
        )
        cls.late.activity_schedule("mail.mail_activity_data_call")
        cls.other = cls._new_deal(cls.spares, cls.qualified, name="Spare")
        cls.foreign = cls._new_deal(
            name="Abroad",
            user=cls.foreigner,
            user_id=cls.foreigner.id,
            team_id=cls.foreign_team.id,
            company_id=cls.other_company.id,
        )

    def _get_figures(self, user, company=None):
        figures = self.digest._compute_kpis(company or self.company, user)
        return {figure["kpi_name"]: figure for figure in figures}

    def _search_count(self, user, action, company=None):
        action = self.env.ref(action)
        domain = eval(action.domain)  # noqa: S307 the addon's own literal
        leads = self.env["crm.lead"].with_user(user)
        leads = leads.with_company(company or self.company)
        return leads.search_count(domain)

    def test_figures_equal_the_lists(self):
        for user in (self.salesman, self.colleague, self.all_documents, self.manager):
            figures = self._get_figures(user)
            for name, (_code, action) in STANDING_FIGURES.items():
                with self.subTest(user=user.login, figure=name):
                    self.assertEqual(
                        figures[name]["kpi_col1"]["value"],
                        self._search_count(user, action),
                    )
                    self.assertEqual(figures[name]["kpi_col2"]["value"], "")
        for figure in self._get_figures(self.manager).values():
            if figure["kpi_name"] in STANDING_FIGURES:
                self.assertGreater(figure["kpi_col1"]["value"], 0, figure["kpi_name"])

    def test_figures_equal_the_page(self):
        """Page and digest have one computation."""
        for user in (self.salesman, self.manager):
            figures = self._get_figures(user)
            kpi = self.env["crm.kpi"].with_user(user).with_company(self.company)
            codes = [code for code, _action in STANDING_FIGURES.values()]
            answer = kpi.get_figures(codes=codes)["values"]
            for name, (code, _action) in STANDING_FIGURES.items():
                self.assertEqual(
                    figures[name]["kpi_col1"]["value"], answer[code][0]["value"]
                )

    def test_own_rights(self):
        def count(user):
            figures = self._get_figures(user)
            return figures["kpi_crm_without_next_action"]["kpi_col1"]["value"]

        own = self.env["crm.lead"].search_count(
            [
                ("next_action_state", "=", "missing"),
                ("company_id", "in", [self.company.id, False]),
                ("user_id", "in", [self.salesman.id, False]),
            ]
        )
        self.assertEqual(count(self.salesman), own)
        self.assertGreater(count(self.manager), count(self.salesman))

    def test_companies_apart(self):
        figures = self._get_figures(self.foreigner, self.other_company)
        self.assertFalse(figures, "the digest of a company that is not theirs")
        self._new_deal(self.equipment, self.qualified)
        digest = self.digest.copy({"company_id": self.other_company.id})
        figures = digest._compute_kpis(self.other_company, self.foreigner)
        value = {f["kpi_name"]: f for f in figures}["kpi_crm_without_next_action"]
        self.assertEqual(
            value["kpi_col1"]["value"],
            self._search_count(
                self.foreigner,
                "sales_pipeline_plus.crm_lead_action_without_next_action",
                self.other_company,
            ),
        )

    def test_won_revenue(self):
        before = self._get_won_revenue()
        deal = self._new_deal(self.equipment, self.offer, expected_revenue=1000.5)
        deal.action_set_won()
        lost = self._new_deal(self.equipment, self.offer, expected_revenue=77)
        lost.action_set_lost()
        deal.flush_recordset()
        self.assertAlmostEqual(self._get_won_revenue() - before, 1000.5)

    def _get_won_revenue(self):
        now = fields.Datetime.now()
        digest = self.digest.with_user(self.manager).with_company(self.company)
        digest = digest.with_context(
            start_datetime=fields.Datetime.subtract(now, days=1),
            end_datetime=fields.Datetime.add(now, days=1),
        )
        digest.invalidate_model(["kpi_crm_won_revenue_value"])
        return digest.kpi_crm_won_revenue_value

    def test_read_without_a_period(self):
        self._new_deal(self.equipment, expected_revenue=5).action_set_won()
        digest = self.digest.with_user(self.manager).with_company(self.company)
        names = [f"{name}_value" for name in (*STANDING_FIGURES, "kpi_crm_won_revenue")]
        values = digest.read([*names, "kpi_mail_message_total_value"])[0]
        self.assertEqual(values["kpi_mail_message_total_value"], 0)
        self.assertEqual(values["kpi_crm_won_revenue_value"], 0)
        self.assertGreater(values["kpi_crm_late_value"], 0)

    def test_nothing_for_others(self):
        user = new_test_user(
            self.env,
            "digest_reader",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertFalse(self._get_figures(user).keys() & STANDING_FIGURES.keys())

    def test_mail_opens_the_lists(self):
        self.digest.user_ids = self.manager
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search(
            [("email_to", "ilike", self.manager.email)], order="id desc", limit=1
        )
        self.assertIn(
            "/odoo/action-sales_pipeline_plus.crm_lead_action_without_next_action",
            mail.body_html,
        )
