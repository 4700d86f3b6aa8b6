from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestPipelineSettings(PipelineCase):
    """Sales managers reach the settings of the pipelines, and only these."""

    def _open(self, user):
        return Form(self.env["crm.pipeline.settings"].with_user(user))

    def test_manager(self):
        with self._open(self.manager) as form:
            self.assertEqual(form.neglected_deals_frequency, "weekly")
            form.neglected_deals_frequency = "daily"
            form.sales_hourly_cost = 80
            form.workbook_days = 12
            form.forecast_snapshot_months = 0
        form.record.action_save()
        company = self.manager.company_id
        self.assertEqual(company.neglected_deals_frequency, "daily")
        self.assertEqual(company.sales_hourly_cost, 80)
        self.assertEqual(self.env["crm.workbook"]._get_days(), 12)
        self.assertEqual(self.env["crm.forecast.snapshot"]._get_retention_months(), 0)
        # Odoo's own form shows the same.
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.workbook_days, 12)
        self.assertEqual(settings.forecast_snapshot_months, 0)
        form = self._open(self.manager)
        self.assertEqual(form.sales_hourly_cost, 80)
        self.assertEqual(form.neglected_deals_frequency, "daily")

    def test_of_the_company_in_use(self):
        settings = self.env["crm.pipeline.settings"].with_user(self.manager)
        self.manager.company_ids |= self.other_company
        there = settings.with_company(self.other_company)
        there.create({"sales_hourly_cost": 90}).action_save()
        self.assertEqual(self.other_company.sales_hourly_cost, 90)
        self.assertFalse(self.company.sales_hourly_cost)

    def test_refused_values(self):
        for name, value in (
            ("workbook_days", 0),
            ("forecast_snapshot_months", -1),
            ("sales_hourly_cost", -1),
        ):
            form = self._open(self.manager)
            form[name] = value
            with self.assertRaises(ValidationError):
                form.save()

    def test_nobody_else(self):
        for user in (self.salesman, self.all_documents):
            with self.assertRaises(AccessError):
                self._open(user)
        settings = self.env["crm.pipeline.settings"].sudo().create({})
        with self.assertRaises(AccessError):
            settings.with_user(self.salesman).action_save()
        # Not even the dialog of a colleague.
        with self.assertRaises(AccessError):
            settings.with_user(self.manager).action_save()
