import re

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestOpenIndex(PipelineCase):
    """Questions about the open opportunities can be answered by their index.

    Its definition is read: which index the planner takes for a small table is chance.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [[definition]] = cls.env.execute_query(
            SQL("SELECT pg_get_indexdef('crm_lead_open_idx'::regclass)")
        )
        cls.columns, cls.predicate = definition.split(" WHERE ")

    def _find_fields(self, text):
        """Return the names of the stored fields that stand in some SQL."""
        words = set(re.findall(r"\w+", text))
        return {
            field.name
            for field in self.env["crm.lead"]._fields.values()
            if field.column_type and field.name in words
        }

    def test_for_whom(self):
        """It serves whoever asks by Odoo's own fields, on hold or not."""
        fields = self._find_fields(self.predicate)
        self.assertEqual(fields, {"active", "type", "won_status"})

    def test_what(self):
        """It holds what figures and record rules ask, and what leaves out holds."""
        leads = self.env["crm.lead"].with_user(self.manager)
        plain = [("type", "=", "opportunity"), ("won_status", "=", "pending")]
        names = ("id", "date_deadline", "expected_revenue", "prorated_revenue")
        for domain in (plain, [*plain, ("date_hold", "=", False)]):
            query = leads._search(domain)
            columns = [leads._field_to_sql(query.table, name, query) for name in names]
            asked = self._find_fields(str(query.select(*columns).code))
            self.assertLessEqual({*names, "type"}, asked)
            self.assertLessEqual(asked, self._find_fields(self.columns))


@tagged("post_install", "-at_install")
class TestActiveIndex(PipelineCase):
    """The columns of the pipeline and the number of a list come from an index."""

    def test_what(self):
        [[definition]] = self.env.execute_query(
            SQL("SELECT pg_get_indexdef('crm_lead_active_idx'::regclass)")
        )
        columns, predicate = definition.split(" WHERE ")
        self.assertRegex(predicate, "active IS TRUE")
        leads = self.env["crm.lead"].with_user(self.manager)
        for user in (self.manager, self.salesman):
            query = leads.with_user(user)._search([("type", "=", "opportunity")])
            asked = set(re.findall(r'"crm_lead"\."(\w+)"', str(query.select().code)))
            self.assertIn("company_id", asked)
            known = set(re.findall(r"\w+", columns)) | {"active", "type", "id"}
            self.assertLessEqual(asked, known)
        self.assertLessEqual({"stage_id", "expected_revenue"}, known)
