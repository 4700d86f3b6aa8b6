from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from ...kpi.funnel import PARTS
from ..common import PipelineCase
from ..common_currency import CurrencyMixin

PERIOD = {"start": "2026-03-01", "end": "2026-03-31"}
NOW = "2026-05-10 09:00:00"


class FunnelCase(CurrencyMixin, PipelineCase):
    """Deals of two pipelines, two currencies, and people who see some of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.env["crm.lead.passage"].search([]).sudo().unlink()
        cls._add_currency({"2020-01-01": 2, "2026-04-01": 4, "2026-05-01": 8})
        cls.lead_stages = {
            cls.equipment: [cls.qualified, cls.offer, cls.negotiation],
            cls.spares: [cls.qualified, cls.negotiation, cls.offer],
        }

    @contextmanager
    def _at(self, moment):
        """Let the database's time be a moment, too."""
        now = fields.Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: now):
            yield
            self.env.flush_all()
            self.env["crm.lead.passage"].flush_model()
            self.env.invalidate_all()

    def _get_kpi(self, user, tz="Europe/Paris"):
        kpi = self.env["crm.kpi"].with_user(user)
        return kpi.with_context(tz=tz, allowed_company_ids=user.company_ids.ids)

    def _get_funnel(self, user, tz="Europe/Paris", **filters):
        """Return {pipeline id: stages}; check that all sums close, and the lists."""
        filters = {"period": PERIOD, **filters}
        kpi = self._get_kpi(user, tz)
        with freeze_time(NOW):
            answer = kpi.get_funnel(filters)
            for pipeline in answer["pipelines"]:
                self.assertCloses(pipeline["stages"])
                self._check_lists(kpi, pipeline, filters)
        return {each["id"]: each["stages"] for each in answer["pipelines"]}

    def assertCloses(self, stages):
        for stage, following in zip(stages, stages[1:], strict=False):
            for measure in ("count", "amount"):
                parts = [stage[part][measure] for part in PARTS]
                self.assertAlmostEqual(parts[0], sum(parts[1:]), places=2)
                self.assertAlmostEqual(
                    stage["moved_on"][measure], following["entered"][measure], places=2
                )

    def _check_lists(self, kpi, pipeline, filters):
        """Each number is the list that it opens."""
        numbers = [("unknown", False, pipeline["unknown"])]
        for stage in pipeline["stages"]:
            for part in PARTS:
                if stage[part]:
                    numbers.append((part, stage["id"], stage[part]["count"]))
            if stage["drop_off"] is not None:
                count = stage["lost"]["count"] + stage["away"]["count"]
                numbers.append(("drop_off", stage["id"], count))
        for code, stage_id, count in numbers:
            found = self._count_opened(kpi, pipeline["id"], code, stage_id, filters)
            self.assertEqual(found, count, code)

    def _count_opened(self, kpi, pipeline_id, code, stage_id, filters):
        action = kpi.open_funnel(code, filters, pipeline_id, stage_id)
        records = kpi.env[action["res_model"]].with_context(**action["context"])
        return records.search_count(action["domain"])
