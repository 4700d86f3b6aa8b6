import os
import unittest
from contextlib import contextmanager
from urllib.parse import urlencode

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import GuardCase
from .introspection import get_public_methods, get_required_arguments

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from . import junk
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

# How many inputs there are in all; ``./setup/test --full`` asks for many more, and for
# others each time.
INPUTS = int(os.environ.get("SALES_FUZZ_INPUTS") or 2_000)
LINK_FIELDS = {"record_count": {}, "linked_campaign_ids": {}}
# Odoo's own, and conditions, which have tests of their own.
KEPT = {"id", "create_date", "write_date", "condition", "res_model", "name_model"}
IS_FULL = INPUTS > 2_000
# How long a busy machine may take for an answer.
PATIENCE_S = 300


def fuzz(share):
    """Run a test with its share of the inputs."""
    return settings(
        max_examples=max(int(INPUTS * share), 1),
        deadline=None,
        database=None,
        derandomize=not IS_FULL,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


class FuzzCase(GuardCase):
    """Whatever is sent, the answer is one, or an error of Odoo's for users."""

    # What the tests call in their own way, or is Odoo's and merely extended.
    ELSEWHERE = {
        ("crm.lead", "convert_opportunity"),
        ("crm.lead", "web_read"),
        ("crm.stage", "web_resequence"),
        ("ir.filters", "get_filters"),
        ("res.config.settings", "get_values"),
        ("res.config.settings", "set_values"),
        ("res.partner", "name_search"),
    }

    @contextmanager
    def _undone(self):
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            yield
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            if self.env.registry.cache_invalidated:
                self.env.registry.clear_all_caches()
                self.env.registry.cache_invalidated.clear()

    def _call(self, user, model, method, args, context=None, **kwargs):
        """Call as the dispatcher does; anything but an error for users is raised."""
        with self._undone():
            records = self._as(user, self.env[model])
            try:
                call_kw(records, method, args, {**kwargs, "context": context or {}})
                records.env.flush_all()
            except (UserError, IntegrityError):
                # Odoo's dispatcher makes a sentence of the latter.
                return
            except ValueError as error:
                # Odoo's own answer to a button pressed on several records.
                if not str(error).startswith("Expected singleton"):
                    raise


@tagged("post_install", "-at_install")
class TestFuzzMethods(FuzzCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls._get_figure_calls()
        cls.questions = cls._get_question_calls()
        cls.buttons = [
            key
            for key, function in get_public_methods(cls.env).items()
            if not get_required_arguments(function)
            and key not in cls.ELSEWHERE
            and key[0] != "crm.kpi"
            and key[1] != "action_export"
        ]

    @classmethod
    def _get_figure_calls(cls):
        """Strategy of (model, method, arguments) of what is asked about figures."""
        filters = st.one_of(
            st.fixed_dictionaries(
                {},
                optional={
                    "period": junk.PERIODS,
                    "comparison": junk.mostly("previous", "last_year", "none"),
                    "company_ids": junk.ids(cls.company, cls.other_company),
                    "team_ids": junk.ids(cls.team),
                    "user_ids": junk.ids(cls.owner),
                    "pipeline_ids": junk.ids(cls.pipeline),
                    "campaign_ids": junk.ids(cls.campaign.utm_campaign_id),
                    "category_ids": junk.ids(cls.product.categ_id),
                    "lead_ids": junk.ids(cls.deal),
                },
            ),
            junk.JSON,
        )
        code = junk.mostly("won_count", "pipeline_amount", "forecast_error")
        codes = st.one_of(st.lists(code, max_size=3), junk.JSON)
        listed = junk.mostly("won_count", "late_count", "activity_count")
        breakdowns = st.one_of(
            st.none(), junk.mostly("salesperson", "stage", "month", "customer_type")
        )
        return st.one_of(
            junk.call("crm.kpi", "get_figures", filters, codes, breakdowns),
            junk.call("crm.kpi", "get_trend", filters, codes),
            junk.call("crm.kpi", "get_coverage", filters, breakdowns),
            junk.call(
                "crm.kpi", "open_records", listed, filters, breakdowns, junk.JSON
            ),
            junk.call("crm.workbook", "action_export", filters),
        )

    @classmethod
    def _get_question_calls(cls):
        """Strategy of (model, method, arguments) of what the web client asks."""
        unit = junk.mostly("week", "month", "quarter")
        day = junk.mostly("0001-01-01", "9999-12-31", "2026-03-01", False)
        days = st.one_of(st.lists(day, max_size=2), junk.JSON)
        deals = junk.ids(cls.deal).map(
            lambda each: each if isinstance(each, list) else [each]
        )
        stage = junk.mostly(cls.stage.id, cls.next_stage.id)
        return st.one_of(
            junk.call("crm.lead", "get_decision_made", junk.DOMAINS, unit),
            junk.call("crm.lead", "get_decision_targets", junk.DOMAINS, unit, days),
            junk.call("crm.lead", "get_decision_date_in", deals, unit, day),
            junk.call("crm.lead", "get_move_requirements", deals, stage),
            junk.call("crm.lead", "get_stage_requirements", deals, stage),
            junk.call("crm.forecast.calibration", "get_calibration", junk.DOMAINS),
            junk.call("mail.activity", "get_next_action_request", deals),
        )

    @fuzz(0.45)
    @given(st.data())
    @mute_logger("odoo.sql_db")
    def test_figures(self, data):
        with self._patched_workbook():
            self._call(self.owner, *data.draw(self.figures))

    @fuzz(0.3)
    @given(st.data())
    @mute_logger("odoo.sql_db", "odoo.domains")
    def test_questions(self, data):
        """What the web client asks of opportunities, activities and forecasts."""
        question = data.draw(self.questions)
        self._call(self.owner, *question, data.draw(junk.CONTEXTS))

    @fuzz(0.05)
    @given(st.data())
    @mute_logger("odoo.sql_db")
    def test_buttons(self, data):
        """Every other method, on the records of anybody, by anybody."""
        model, method = data.draw(st.sampled_from(self.buttons))
        user = data.draw(st.sampled_from(list(self.roles.values())))
        record = self._get_record(model, user)
        context = data.draw(junk.CONTEXTS)
        chosen = data.draw(st.sampled_from([record.ids, record.ids, [], [2**31 - 1]]))
        is_of_model = getattr(getattr(record, method), "_api_model", False)
        self._call(user, model, method, [] if is_of_model else [chosen], context)

    @fuzz(0.05)
    @given(st.data())
    @mute_logger("odoo.sql_db")
    def test_json_fields(self, data):
        value = data.draw(junk.JSON)
        models = junk.mostly("crm.lead", junk=junk.WORDS)
        with self._undone():
            kept = self.env["res.users.settings"]._find_or_create_for_user(self.owner)
            self._call(
                *(self.owner, "res.users.settings", "write"),
                [kept.ids, {"flash_figure_codes": value}],
            )
            link = self.env["sales.campaign.link"].with_user(self.owner).sudo()
            try:
                link = link.create(
                    {
                        "res_model": data.draw(models),
                        "res_ids": value,
                        "campaign_ids": self.campaign.ids,
                    }
                )
                self.env.flush_all()
            except UserError:
                return
            for method, *more in (("action_apply",), ("web_read", LINK_FIELDS)):
                self._call(self.owner, "sales.campaign.link", method, [link.ids, *more])

    @fuzz(0.05)
    @given(st.data())
    @mute_logger("odoo.sql_db")
    def test_values(self, data):
        """Numbers and days of any size, in each field of each record; dialogs are
        confirmed with them."""
        models = [name for name in self._get_own_models() if self.env[name]._auto]
        model = data.draw(st.sampled_from(models))
        user = self.manager
        record = self._get_record(model, user)
        vals = {}
        for name, field in sorted(record._fields.items()):
            if field.store and not field.company_dependent and name not in KEPT:
                strategy = self._get_strategy(field)
                if strategy is not None and data.draw(st.integers(0, 3)) == 0:
                    vals[name] = data.draw(strategy)
        everything = {
            name: {} for name in record._fields if name not in ("kanban_state",)
        }
        with self._undone():
            try:
                record.with_user(user).sudo().write(vals)
                self.env.flush_all()
                self.env.invalidate_all()
            except (UserError, IntegrityError):
                return
            self._call(user, model, "web_read", [record.ids, everything])
            if model == "crm.lead":
                self._ask_about_deals(user)
            if record._transient:
                for button_model, method in self.buttons:
                    if button_model == model:
                        self._call(user, model, method, [record.ids])

    def _get_strategy(self, field):
        """Return values of the field's type; what is none is refused by Odoo itself."""
        if field.type == "selection":
            return st.sampled_from(field.get_values(self.env))
        floats = junk.ALL_FLOATS if field.model_name == "crm.lead" else junk.FLOATS
        return {
            "float": floats,
            "monetary": floats,
            "integer": st.integers(-(2**31), 2**31 - 1),
            "date": junk.GOOD_DAYS,
            "datetime": junk.GOOD_DAYS.map(lambda day: f"{day} 12:00:00"),
            "char": junk.WORDS,
            "text": junk.WORDS,
            "boolean": st.booleans(),
        }.get(field.type)

    def _ask_about_deals(self, user):
        filters = {"lead_ids": self.deal.ids}
        for breakdown in (None, "month", "salesperson"):
            self._call(user, "crm.kpi", "get_figures", [filters, None, breakdown])
        for granularity in ("week", "month", "quarter"):
            self._call(
                *(user, "crm.lead", "web_read_group"),
                [[("id", "=", self.deal.id)]],
                {"decision_periods": True, "decision_columns": 0},
                groupby=[f"date_deadline:{granularity}"],
                aggregates=["__count", "expected_revenue:sum"],
            )


@tagged("post_install", "-at_install")
class TestFuzzRoutes(HttpCase):
    def test_unsubscribe(self):
        """A link that is none of ours is not found, whatever it is made of."""
        values = st.one_of(
            st.text(max_size=12),
            st.sampled_from(["²", "é", "1", "-1", "9" * 40, "\0", "٣", "1e9", "%00"]),
        )

        @fuzz(0.1)
        @given(user_id=values, token=values, method=st.sampled_from(["GET", "POST"]))
        def ask(user_id, token, method):
            query = urlencode({"user_id": user_id, "token": token}, errors="replace")
            response = self.url_open(
                f"/crm/neglected-deals/unsubscribe?{query}",
                method=method,
                timeout=PATIENCE_S,
            )
            self.assertEqual(response.status_code, 404, query)

        ask()
