from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...tools.live_database import fill_columns, without_foreign_keys

LOGGER = "odoo.addons.sales_pipeline_plus.tools.live_database"
# What other addons may have on a column that an installation fills.
HINDRANCES = (
    "CREATE TEMPORARY VIEW hindrance AS SELECT filled FROM filled_table",
    """CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql
           AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER hindrance AFTER UPDATE OF filled ON filled_table
           FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing()""",
    """ALTER TABLE filled_table ADD COLUMN hindrance integer
           GENERATED ALWAYS AS (filled + 1) STORED""",
    "CREATE POLICY hindrance ON filled_table USING (filled > 0)",
    "CREATE TEMPORARY TABLE hindrance (kept filled_table)",
)


@tagged("post_install", "-at_install")
class TestLiveDatabase(TransactionCase):
    """Filling columns of a table, whatever else there is on it."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(
            """CREATE TEMPORARY TABLE filled_table (
                   id integer PRIMARY KEY, filled integer, name varchar);
               INSERT INTO filled_table
               SELECT id, NULLIF(id, 2), 'row ' || id FROM generate_series(1, 3) id"""
        )

    def _fill(self):
        fill_columns(
            self.env.cr,
            "filled_table",
            {"filled": SQL("COALESCE(filled, id * 10)"), "name": SQL("upper(name)")},
        )
        self.env.cr.execute("SELECT id, filled, name FROM filled_table ORDER BY id")
        self.assertEqual(
            self.env.cr.fetchall(),
            [(1, 1, "ROW 1"), (2, 20, "ROW 2"), (3, 3, "ROW 3")],
        )

    def _get_last_row(self):
        """Return where the table ends: an update writes each row a second time."""
        self.env.cr.execute("SELECT max(ctid)::text FROM filled_table")
        return self.env.cr.fetchone()[0]

    def test_the_table_is_written_once(self):
        with self.assertNoLogs(LOGGER):
            self._fill()
        self.assertEqual(self._get_last_row(), "(0,3)")

    def test_an_empty_table(self):
        self.env.cr.execute("DELETE FROM filled_table")
        with self.assertNoLogs(LOGGER):
            fill_columns(self.env.cr, "filled_table", {"filled": SQL("id")})

    def test_what_forbids_it(self):
        for hindrance in HINDRANCES:
            with self.subTest(hindrance), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(hindrance)
                with self.assertLogs(LOGGER, "WARNING") as logs:
                    self._fill()
                self.assertIn("filled_table", logs.output[0])
                savepoint.rollback()

    def test_foreign_keys_are_as_before(self):
        self.env.cr.execute(
            """CREATE TEMPORARY TABLE referring (
                   row_id integer REFERENCES filled_table ON DELETE CASCADE
                       DEFERRABLE INITIALLY DEFERRED,
                   other_id integer)"""
        )
        definitions = """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                          WHERE conrelid = 'referring'::regclass"""
        self.env.cr.execute(definitions)
        before = self.env.cr.fetchall()
        with without_foreign_keys(self.env.cr, "referring"):
            self.env.cr.execute(definitions)
            self.assertFalse(self.env.cr.fetchall())
            self.env.cr.execute("INSERT INTO referring VALUES (1, 1)")
        self.env.cr.execute(definitions)
        self.assertEqual(self.env.cr.fetchall(), before)
