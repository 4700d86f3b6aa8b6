from odoo.tests import tagged
from odoo.tools import SQL

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestOpenIndex(PipelineCase):
    """Questions about the open opportunities can be answered by their index."""

    def _explain(self, domain, names):
        """Return the plan of reading these fields, as of a table that is large.

        The index of decisions has the same rows: on a small table the planner takes
        either, so it is taken away within this transaction.
        """
        leads = self.env["crm.lead"].with_user(self.manager)
        query = leads._search(domain)
        columns = [leads._field_to_sql(query.table, name, query) for name in names]
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX IF EXISTS crm_lead_open_decision_idx")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select(*columns)))
        return "\n".join(line for [line] in rows)

    def test_open(self):
        """By Odoo's own fields, and by ours, which leave out what is on hold."""
        plain = [
            ("active", "=", True),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
        ]
        names = ("id", "date_deadline", "expected_revenue", "prorated_revenue")
        for domain in (plain, [*plain, ("date_hold", "=", False)]):
            self.assertIn("crm_lead_open_idx", self._explain(domain, names))
