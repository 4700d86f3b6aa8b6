from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GuardCase
from .introspection import (
    get_models,
    get_public_methods,
    get_required_arguments,
)

# Odoo's own, merely extended: what they are called on is checked by Odoo, or not.
EXTENDED = {"get_filters", "get_values", "name_search", "set_values"} | {
    "web_read",
    "web_resequence",
}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAA"
    "SUVORK5CYII="
)
NO_RECORDS = (["x"], [0], [2**63], [1.5], [None], [[1]])


@tagged("post_install", "-at_install")
class TestArguments(GuardCase):
    """What is no record, or no list of them, is refused in words."""

    @contextmanager
    def _undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.registry.clear_cache()

    def test_records(self):
        """Each method of ours that is called on records."""
        for (model, name), function in get_public_methods(self.env).items():
            if name in EXTENDED or getattr(function, "_api_model", False):
                continue
            given = [None for _argument in get_required_arguments(function)]
            records = self._as(self.manager, self.env[model])
            for ids in NO_RECORDS:
                with self.subTest(method=f"{model}.{name}", ids=ids), self._undone():
                    with self.assertRaisesRegex(UserError, "numbers of records"):
                        call_kw(records, name, [ids, *given], {})

    def test_context(self):
        """A record that the context names."""
        stages, deals = self.stage.ids, self.deal.ids
        step = self.records["sales.campaign.pattern.step"]
        for key, model, method, args in (
            ("default_pipeline_id", "crm.stage", "create", [{"name": "New"}]),
            ("default_pipeline_id", "crm.stage", "unlink", [stages]),
            ("default_pipeline_id", "crm.stage", "web_resequence", [stages, {}]),
            ("conversion_lead_ids", "crm.lead", "convert_opportunity", [deals, False]),
            (
                "merge_stage_id",
                "crm.lead",
                "write",
                [deals, {"pipeline_id": self.pipeline.id, "stage_id": stages[0]}],
            ),
            (
                "insert_above_step_id",
                "sales.campaign.pattern.step",
                "create",
                [{"pattern_id": step.pattern_id.id, "name": "New"}],
            ),
        ):
            for value in ("x", [["x"]], {"x": 1}, 2**63, 1.5):
                with self.subTest(key=key, method=method, value=value), self._undone():
                    records = self._as(self.manager, self.env[model])
                    with self.assertRaisesRegex(UserError, key):
                        call_kw(records, method, args, {"context": {key: value}})

    def test_context_of_dialogs(self):
        for dialog in ("crm.lead.reopen", "crm.lead.stage.override"):
            for value in ("x", [["x"]], 2**63, {"x": 1}):
                context = {"active_model": "crm.lead", "active_ids": value}
                with self.subTest(dialog=dialog, value=value), self._undone():
                    records = self._as(self.manager, self.env[dialog])
                    with self.assertRaisesRegex(UserError, "active_ids"):
                        call_kw(
                            records, "default_get", [["lead_ids"]], {"context": context}
                        )

    def test_arguments_of_a_conversion(self):
        for partner, values in (
            (False, {"team_id": "x"}),
            (False, {"user_ids": "x"}),
            (False, {"user_ids": [["x"]]}),
            ("x", {}),
            ([1], {}),
            (999_999_999, {}),
        ):
            with self.subTest(partner=partner, values=values):
                with self.assertRaises(UserError):
                    self._as(self.manager, self.deal).convert_opportunity(
                        partner, **values
                    )

    def test_models_without_records(self):
        """What has no table is searched and read by nobody, in Odoo's words."""
        for name in get_models(self.env):
            if not self.env[name]._abstract:
                continue
            records = self._as(self.manager, self.env[name])
            for method, arguments in (
                ("search", [[]]),
                ("search_count", [[]]),
                ("web_search_read", [[], {"display_name": {}}]),
                ("read", [[1], ["display_name"]]),
                ("name_search", ["x"]),
                ("formatted_read_group", [[], [], ["__count"]]),
                ("create", [{}]),
                ("create", [{"condition": "x"}]),
                ("write", [[1], {}]),
                ("write", [[1], {"condition": "x"}]),
                ("unlink", [[1]]),
            ):
                with self.subTest(model=name, method=method), self._undone():
                    with self.assertRaises(UserError):
                        call_kw(records, method, arguments, {})

    def test_workbook_of_a_client_that_asks_for_sizes(self):
        self.company.logo = PIXEL
        workbooks = self._as(self.owner, self.env["crm.workbook"])
        with self._patched_workbook():
            workbooks.with_context(bin_size=True).action_export()

    @mute_logger("odoo.domains")
    def test_lists(self):
        """Each model can be searched for by name, and grouped by what the web client
        offers, with the sums that it asks for."""
        for name in self._get_own_models():
            records = self._as(self.manager, self.env[name])
            if not records.has_access("read"):
                continue
            with self.subTest(model=name, what="name"):
                records.name_search("Guarded")
            shown = records.fields_get()
            aggregates = [
                "__count",
                *(
                    f"{fname}:{aggregator}"
                    for fname, field in shown.items()
                    if (aggregator := field.get("aggregator"))
                ),
                *(
                    f"{fname}:array_agg_distinct"
                    for fname, field in shown.items()
                    if field["type"] == "many2one" and field.get("groupable")
                ),
            ]
            for fname, field in shown.items():
                if not field.get("groupable") or field["type"] == "properties":
                    continue
                is_date = field["type"] in ("date", "datetime")
                group = f"{fname}:month" if is_date else fname
                with self.subTest(model=name, group=group), self._undone():
                    records.formatted_read_group([], [group], aggregates)
