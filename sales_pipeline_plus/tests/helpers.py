"""What the tests of other addons can use, see :class:`PipelineHelpers`."""

from contextlib import contextmanager
from datetime import datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields


class PipelineHelpers:
    """Pipelines in a line, and deals that move through dates; beside a test case.

    A whole example::

        from odoo.tests import TransactionCase

        from odoo.addons.sales_pipeline_plus.tests.helpers import PipelineHelpers


        class TestMyAddon(PipelineHelpers, TransactionCase):
            def test_cycle(self):
                pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
                deal = self.new_deal(pipeline, "2026-03-02", expected_revenue=1000)
                self.move_deal(deal, {"2026-03-09": "Offer", "2026-04-20": "Won"})

                self.assertEqual(deal.won_status, "won")
                self.assertEqual(deal.date_closed.date(), date(2026, 4, 20))
                days = deal.passage_ids.sorted("date_in").mapped("days")
                self.assertEqual(days[:2], [7, 42])

    All is done as the user of ``self.env``. Moments are noon, in UTC.
    """

    def new_pipeline(self, name, stages, **vals):
        """Create a pipeline.

        :param str stages: their names with their probabilities, such as ``"Contact 10,
            Offer 50, Won"``. The last one is the won stage; stages are looked for by
            their names and created where there is none
        """
        names = [each.strip() for each in stages.split(",")]
        lines = []
        for rank, text in enumerate(names):
            is_won = rank == len(names) - 1
            name_of_stage, _space, number = text.rpartition(" ")
            if not number.isdigit():
                name_of_stage, number = text, "100" if is_won else "0"
            stage = self._get_stage(name_of_stage, is_won)
            lines.append(
                {
                    "stage_id": stage.id,
                    "sequence": 10 * rank,
                    "probability": int(number),
                }
            )
        return self.env["crm.pipeline"].create(
            {
                "name": name,
                "pipeline_stage_ids": [fields.Command.create(line) for line in lines],
                **vals,
            }
        )

    def _get_stage(self, name, is_won):
        stages = self.env["crm.stage"]
        domain = [
            ("name", "=", name),
            ("is_won", "=", is_won),
            ("team_ids", "=", False),
        ]
        return stages.search(domain, limit=1) or stages.create(
            {"name": name, "is_won": is_won, "sequence": 100}
        )

    def new_deal(self, pipeline, day=None, stage=None, **vals):
        """Create an opportunity in a pipeline.

        :param str day: when it is created, such as "2026-03-02"; now if None
        :param str stage: name of its stage; the first one if None
        """
        values = {"name": "Deal", "type": "opportunity", "pipeline_id": pipeline.id}
        if stage:
            values["stage_id"] = self._find_stage(pipeline, stage).id
        with self.at(day):
            return self.env["crm.lead"].create({**values, **vals})

    def move_deal(self, deal, stages):
        """Move an opportunity to stages of its pipeline, each on its day.

        :param dict stages: {day: name of the stage}, in their order; "lost" loses it
        """
        for day, name in stages.items():
            with self.at(day):
                if name == "lost":
                    deal.action_set_lost()
                else:
                    deal.stage_id = self._find_stage(deal.pipeline_id, name)

    def _find_stage(self, pipeline, name):
        stage = pipeline.stage_ids.filtered(lambda stage: stage.name == name)
        self.assertTrue(stage, f"{pipeline.name} has no stage named {name}.")
        return stage

    @contextmanager
    def at(self, day):
        """Let what is within happen at noon of a day, in UTC; now if it is None.

        The stays and automatic actions of the day are written as a transaction's are.
        """
        if day is None:
            yield
            return
        noon = datetime.combine(fields.Date.to_date(day), time(12))
        self.env.cr.flush()
        with freeze_time(noon), patch.object(self.env.cr, "now", lambda: noon):
            yield
            self.env.cr.flush()
