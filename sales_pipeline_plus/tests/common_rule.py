from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from .common import PipelineCase

START = datetime(2026, 3, 2, 10)


class RuleCase(PipelineCase):
    """A pipeline with automatic actions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env["mail.activity.type"].create({"name": "R. Call"})

    @classmethod
    def _new_rule(cls, event, pipeline=None, **vals):
        return cls.env["crm.pipeline.rule"].create(
            {
                "name": f"Rule {event}",
                "pipeline_id": (pipeline or cls.equipment).id,
                "event": event,
                "activity_type_id": cls.call.id,
                **vals,
            }
        )

    def _commit(self):
        """Do what the end of a transaction does, without committing."""
        self.env.cr.flush()

    def _run_cron(self):
        """Run the cron; its commits are left out."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "sales_pipeline_plus.ir_cron_pipeline_rule"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _get_activities(self, deals):
        self._commit()
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [("res_model", "=", "crm.lead"), ("res_id", "in", deals.ids)],
                order="id",
            )
        )

    def assertPlanned(self, deals, *summaries):
        """Check the summaries of all activities of the deals."""
        activities = self._get_activities(deals)
        self.assertEqual(sorted(activities.mapped("summary")), sorted(summaries))
        return activities

    def _age(self, deal, days):
        """Make the deal look as if nothing had happened for days."""
        date = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_lead SET create_date = %s, date_last_stage_update = %s
                WHERE id IN %s""",
            (date, date, tuple(deal.ids)),
        )
        self.env.cr.execute(
            "UPDATE mail_message SET date = %s WHERE model = %s AND res_id IN %s",
            (date, "crm.lead", tuple(deal.ids)),
        )
        self.env.invalidate_all()


class ClockCase(RuleCase):
    """Rules in a time of their own: it begins on a Monday, 2 March 2026, 10 o'clock."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(START)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        now = patch.object(self.env.cr, "now", datetime.now)
        now.start()
        self.addCleanup(now.stop)

    def _at(self, moment):
        """Let it be a moment from now on, for the database, too."""
        self.env.cr.flush()
        self.env.invalidate_all()
        self.clock.move_to(moment)

    def _run_rules(self):
        """Do what the cron does, without its commits."""
        self._commit()
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 1000
        ):
            self.env["crm.pipeline.rule"]._cron_launch()
        self.env.flush_all()
        self.env.invalidate_all()
