from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_random import examples

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:  # only the tests need it
    given = None

CONDITIONS = "odoo.addons.sales_pipeline_plus.models.conditions.crm_condition"
PATHS = [
    "id",
    "name",
    "expected_revenue",
    "date_deadline",
    "create_date",
    "active",
    "type",
    "partner_id",
    "partner_id.name",
    "partner_id.opportunity_ids",
    "partner_id.opportunity_ids.expected_revenue",
    "tag_ids",
    "tag_ids.name",
    "order_ids",
    "order_ids.amount_total",
    "order_ids.order_line.product_id",
    "user_id",
    "user_id.name",
    "user_id.login",
    "stage_id",
    "lead_properties",
    "lead_properties.a",
    "display_name",
    "deal_status",
    "next_action_state",
    "next_action_date",
    "message_ids",
    "message_is_follower",
    "activity_ids.summary",
    "priority",
    "email_normalized",
    "description",
    "date_deadline.year_number",
    "no_such_field",
    "",
    ".",
    "name.x",
]
OPERATORS = [
    *("=", "!=", "<>", "<", ">", "<=", ">=", "in", "not in", "=?", "any", "not any"),
    *("like", "ilike", "not ilike", "=like", "=ilike", "not =like", "child_of"),
    *("parent_of", "any!", "not any!", "ILIKE", "no operator", ""),
]


@tagged("post_install", "-at_install")
class TestRandomConditions(TransactionCase):
    """A condition gets a sentence, or runs."""

    def test_sentence_or_numbers(self):
        if given is None:
            self.skipTest("hypothesis is not installed")
        user = self.env["res.users"].create(
            {
                "name": "R. Salesperson",
                "login": "random_conditions",
                "group_ids": self.env.ref("sales_team.group_sale_salesman").ids,
            }
        )
        conditions = self.env["crm.condition"]
        reader = conditions._get_reader(self.env["crm.lead"], user)
        scalars = (
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=5)
            | st.sampled_from(["today", "2026-03-01", "99999-01-01", "\x00", b"x", 1j])
        )
        leaves = st.tuples(
            st.sampled_from(PATHS) | st.text(max_size=4),
            st.sampled_from(OPERATORS),
            scalars | st.lists(scalars, max_size=3) | st.dictionaries(scalars, scalars),
        )
        anys = st.tuples(
            st.sampled_from(PATHS),
            st.sampled_from(["any", "not any"]),
            st.lists(leaves, max_size=2),
        )
        texts = st.lists(
            leaves | anys | st.sampled_from(["&", "|", "!"]) | scalars, max_size=4
        ).map(repr) | st.text(max_size=20)

        @settings(
            max_examples=examples(150, 1600),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(texts)
        def check(text):
            error = conditions._find_error(reader, text)
            if error is None:
                condition = conditions._parse(text)
                query = conditions._find_records(reader, condition)
                self.env.execute_query(query.select())
                return
            self.assertIsInstance(error, str)
            self.assertTrue(error)
            for raw in ("SELECT", "psycopg2", "Traceback", "Error("):
                self.assertNotIn(raw, error.replace(text, ""))

        with mute_logger(CONDITIONS, "odoo.sql_db", "odoo.domains"):
            check()
