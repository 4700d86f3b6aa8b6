from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, new_test_user
from odoo.tests.common import ChromeBrowser, get_db_name

# Only what hangs is given up.
PATIENCE_S = 300

_websocket_request = ChromeBrowser._websocket_request


def _request_patiently(browser, method, *, timeout=0, **options):
    """Give the browser longer to answer than the ten seconds that Odoo gives it."""
    timeout = max(timeout, PATIENCE_S)
    return _websocket_request(browser, method, timeout=timeout, **options)


class PatientCase(HttpCase):
    """Tours that wait for what they want to see, however busy the machine is: each of
    their steps, too (``static/tests/tours/patience.js``)."""

    def browser_js(self, url_path, code, *arguments, timeout=0, **options):
        timeout = max(timeout, PATIENCE_S)
        with patch.object(ChromeBrowser, "_websocket_request", _request_patiently):
            return super().browser_js(
                url_path, code, *arguments, timeout=timeout, **options
            )


class TourCase(PatientCase):
    """A deal of a salesperson with own documents only, to be used in the browser."""

    @classmethod
    def setUpClass(cls):
        cls._compile_assets()
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env, "tour_salesperson", groups="sales_team.group_sale_salesman"
        )
        stages = cls.env["crm.stage"].with_context(in_pipeline_form=True)
        start, study, offer, won = stages.create(
            [
                {"name": "Tour start", "sequence": 1},
                {"name": "Tour study", "sequence": 2},
                {"name": "Tour offer", "sequence": 3},
                {"name": "Tour won", "sequence": 4, "is_won": True},
            ]
        )
        cls.equipment, cls.consumables = cls.env["crm.pipeline"].create(
            [
                {
                    "name": name,
                    "pipeline_stage_ids": [
                        Command.create(
                            {
                                "stage_id": stage.id,
                                "sequence": rank,
                                "probability": probability,
                            }
                        )
                        for rank, (stage, probability) in enumerate(lines)
                    ],
                }
                for name, lines in (
                    (
                        "Tour equipment",
                        [(study, 20), (start, 30), (offer, 70), (won, 100)],
                    ),
                    ("Tour consumables", [(start, 40), (offer, 60), (won, 100)]),
                )
            ]
        )
        cls.study, cls.offer = study, offer

    @classmethod
    def _compile_assets(cls):
        """Compile what the web client loads, as Odoo's own runner does before tours.

        A tour has a minute to be ready, and on a busy machine compiling takes longer.
        """
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["ir.qweb"]._pregenerate_assets_bundles()

    def start_tour(self, url_path, tour_name, **kwargs):
        """Tours wait for states, on a busy machine a long time."""
        return super().start_tour(url_path, tour_name, timeout=300, **kwargs)

    def _create_deal(self, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Lathe for a tour",
                "type": "opportunity",
                "pipeline_id": self.equipment.id,
                "stage_id": self.study.id,
                "user_id": self.salesperson.id,
                "expected_revenue": 50000,
                **vals,
            }
        )

    def _require_revenue_in_offer(self):
        line = self.equipment.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == self.offer
        )
        line.definition = "The offer has been sent."
        line.requirement_ids = [Command.create({"field_name": "expected_revenue"})]

    def _get_deal(self):
        return self.env["crm.lead"].search([("name", "=", "Lathe for a tour")])
