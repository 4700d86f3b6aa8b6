from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.misc import file_open

from ...kpi.catalogue import KPIS
from ...models.figures.ir_filters import FAVOURITES
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestFlashFigureTiles(PipelineCase):
    """A user's choice of tiles is his or her own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = {
            user: cls.env["res.users.settings"]._find_or_create_for_user(user)
            for user in (cls.salesman, cls.colleague)
        }

    def test_own_choice(self):
        settings = self.settings[self.salesman].with_user(self.salesman)
        answer = settings.set_res_users_settings(
            {"flash_figure_codes": ["won_count", "created_count"]}
        )
        self.assertEqual(answer["flash_figure_codes"], ["won_count", "created_count"])
        self.assertFalse(self.settings[self.colleague].flash_figure_codes)
        settings.set_res_users_settings({"flash_figure_codes": False})
        self.assertFalse(settings.flash_figure_codes)

    def test_not_of_others(self):
        self.settings[self.colleague].flash_figure_codes = ["won_count"]
        settings = self.settings[self.colleague].with_user(self.salesman)
        settings.invalidate_recordset()
        self.assertNotIn(settings, settings.search([]))
        with self.assertRaises(AccessError):
            settings.read(["flash_figure_codes"])
        with self.assertRaises(AccessError):
            settings.set_res_users_settings({"flash_figure_codes": []})

    def test_bad_choice(self):
        for value in ("won_count", {"won_count": 1}, [1, 2]):
            with self.assertRaisesRegex(ValidationError, "list of codes"):
                self.settings[self.salesman].flash_figure_codes = value


@tagged("post_install", "-at_install")
class TestFlashFigurePlaces(PipelineCase):
    """Where the page is, and what is ready beside it."""

    def test_first_of_reporting(self):
        menu = self.env.ref("sales_pipeline_plus.crm_kpi_menu_flash_figures")
        reporting = self.env.ref("crm.crm_menu_report")
        self.assertEqual(reporting.child_id.sorted("sequence")[:1], menu)

    def test_documented(self):
        """Every figure of the catalogue is explained, under its name."""
        with file_open("sales_pipeline_plus/readme/FIGURES.md") as page:
            text = " ".join(page.read().split())
        for kpi in KPIS:
            label = kpi.label._source
            self.assertIn(f"**{label}** (`{kpi.code}`)", text, kpi.code)

    def test_favourites(self):
        """They answer their questions, and are nobody's default."""
        action = self.env.ref("crm.crm_opportunity_report_action")
        leads = self.env["crm.lead"].with_user(self.salesman)
        shown = self.env["ir.filters"].with_user(self.salesman)
        shown = shown.get_filters("crm.lead", action.id)
        found = {each["name"]: each for each in shown}
        for name in FAVOURITES:
            favourite = found[name]
            self.assertFalse(favourite["is_default"], name)
            self.assertFalse(favourite["user_ids"], name)
            context = literal_eval(favourite["context"])
            leads.formatted_read_group(
                literal_eval(favourite["domain"]),
                context["graph_groupbys"],
                ["__count", "expected_revenue:sum"],
            )
            for groupby in context["graph_groupbys"]:
                name = groupby.split(":")[0]
                field = leads.fields_get([name], ["groupable"])[name]
                self.assertTrue(field["groupable"], name)
        elsewhere = self.env["ir.filters"].get_filters(
            "crm.lead", self.env.ref("crm.crm_lead_action_pipeline").id
        )
        self.assertFalse({each["name"] for each in elsewhere} & FAVOURITES.keys())

    def test_customer_types(self):
        """By customer type: the tags of the customer's company."""
        gold = self.env["res.partner.category"].create({"name": "GOLD"})
        company = self.env["res.partner"].create(
            {"name": "Alpha", "is_company": True, "category_id": gold.ids}
        )
        contact = self.env["res.partner"].create(
            {"name": "Workshop", "parent_id": company.id}
        )
        deal = self._new_deal(self.equipment, partner_id=contact.id)
        self.env.flush_all()
        groups = self.env["crm.lead"]._read_group(
            [("id", "=", deal.id)], ["customer_type_ids"], ["__count"]
        )
        self.assertEqual(groups, [(gold, 1)])
        self.assertEqual(
            deal.search([("customer_type_ids", "=", gold.id)]) & deal, deal
        )


@tagged("post_install", "-at_install")
class TestFlashFigureCalls(HttpCase):
    """What the page asks the server for, as the page does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-21 10:00:00"))
        cls.one, cls.two = (
            new_test_user(cls.env, login, groups="sales_team.group_sale_salesman")
            for login in ("figures_one", "figures_two")
        )
        cls.manager = new_test_user(
            cls.env, "figures_manager", groups="sales_team.group_sale_manager"
        )
        for user, amounts in ((cls.one, (100, 200)), (cls.two, (4000,))):
            for amount in amounts:
                deal = cls.env["crm.lead"].create(
                    {
                        "name": "Deal of the figures",
                        "type": "opportunity",
                        "user_id": user.id,
                        "expected_revenue": amount,
                        "date_start": datetime(2026, 11, 3, 12),
                    }
                )
                deal.action_set_won()
                deal.date_closed = datetime(2026, 11, 10, 12)

    def _ask(self, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/crm.kpi/{method}",
            {"model": "crm.kpi", "method": method, "args": args, "kwargs": {}},
        )

    def _ask_won(self, **filters):
        codes = ["won_count", "won_amount"]
        answer = self._ask("get_figures", {"period": "this_month", **filters}, codes)
        return [answer["values"][code][0]["value"] for code in codes]

    def test_own_figures_only(self):
        self.authenticate("figures_one", "figures_one")
        self.assertEqual(self._ask_won(), [2, 300])
        self.assertEqual(self._ask_won(user_ids=[self.two.id]), [0, 0])
        answer = self._ask(
            "get_figures", {"period": "this_month"}, ["won_amount"], "salesperson"
        )
        self.assertEqual([key["id"] for key in answer["keys"]], [self.one.id])
        action = self._ask("open_records", "won_count", {"user_ids": [self.two.id]})
        leads = self.env["crm.lead"].with_user(self.one)
        leads = leads.with_context(**action["context"])
        self.assertFalse(leads.search_count(action["domain"]))

    def test_my_figures_and_everyone(self):
        self.authenticate("figures_manager", "figures_manager")
        ours = [self.one.id, self.two.id]
        self.assertEqual(self._ask_won(user_ids=ours), [3, 4300])
        self.assertEqual(self._ask_won(user_ids=[self.manager.id]), [0, 0])

    def test_home_action(self):
        action = self.env.ref("sales_pipeline_plus.crm_kpi_action_flash_figures")
        self.one.action_id = action.id
        self.authenticate("figures_one", "figures_one")
        session = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertEqual(session["home_action_id"], action.id)
