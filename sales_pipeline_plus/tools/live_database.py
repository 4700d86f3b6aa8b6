"""Filling columns and tables of a live database, however large it is."""

import contextlib

from odoo.tools import SQL


def fill_columns(cr, table, expressions):
    """Fill columns of each row of a table in one statement, which leaves no dead rows.

    PostgreSQL writes the whole table anew, and its indexes. An ``UPDATE`` would write
    each row a second time, beside the first, and into each index.

    It needs the table for itself until the end of the transaction. A transaction that
    began before and had to wait sees the table empty: users should not be at work.

    :param dict expressions: SQL of the value by the name of the column, of the type
        that the column has; of the row's own columns only, without a subquery
    """
    cr.execute(
        """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = %s::regclass AND attname = ANY(%s)""",
        [table, list(expressions)],
    )
    types = dict(cr.fetchall())
    cr.execute(
        SQL(
            "ALTER TABLE %s %s",
            SQL.identifier(table),
            SQL(", ").join(
                SQL(
                    "ALTER COLUMN %s TYPE %s USING %s",
                    SQL.identifier(column),
                    SQL(types[column]),
                    expression,
                )
                for column, expression in expressions.items()
            ),
        )
    )


@contextlib.contextmanager
def without_foreign_keys(cr, table):
    """Check the references of a table once at the end, not row by row."""
    cr.execute(
        """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'f' AND conrelid = %s::regclass""",
        [table],
    )
    constraints = cr.fetchall()

    def alter(actions):
        if actions:
            actions = SQL(", ").join(actions)
            cr.execute(SQL("ALTER TABLE %s %s", SQL.identifier(table), actions))

    alter([SQL("DROP CONSTRAINT %s", SQL.identifier(name)) for name, _ in constraints])
    yield
    alter(
        [
            SQL("ADD CONSTRAINT %s %s", SQL.identifier(name), SQL(definition))
            for name, definition in constraints
        ]
    )
