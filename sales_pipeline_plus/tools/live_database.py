"""Filling columns and tables of a live database, however large it is."""

import contextlib
import logging

import psycopg2

from odoo.tools import SQL

_logger = logging.getLogger(__name__)


def lock_tables(cr, *tables):
    """Take tables for this transaction alone, before it holds any other one.

    Give first what each page reads first: whoever holds the second one and waits for
    the first would be waited for in turn.
    """
    names = SQL(", ").join(map(SQL.identifier, tables))
    cr.execute(SQL("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", names))


def cancel_waiting(cr):
    """Let fail, when this transaction is committed, who waits for its tables.

    They began before, and would find the tables that were written anew empty: a backup
    or an incoming mail must not take that for true.
    """
    cr.precommit.add(
        lambda: cr.execute(
            """SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database()
                  AND usename = current_user
                  AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"""
        )
    )


def fill_columns(cr, table, expressions):
    """Fill columns of each row of a table in one statement, which leaves no dead rows.

    PostgreSQL writes the whole table anew, and its indexes. An ``UPDATE`` writes each
    row a second time, beside the first, and into each index: only where another
    addon's view, trigger or generated column on these columns forbids the former.

    It needs the table for itself until the end of the transaction. A transaction that
    began before and had to wait sees the table empty, see :func:`cancel_waiting`.

    :param dict expressions: SQL of the value by the name of the column, of the type
        that the column has; of the row's own columns only, without a subquery
    """
    cr.execute(
        """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = %s::regclass AND attname = ANY(%s)""",
        [table, list(expressions)],
    )
    types = dict(cr.fetchall())
    columns = [
        (SQL.identifier(column), SQL(types[column]), expression)
        for column, expression in expressions.items()
    ]
    anew = SQL(
        "ALTER TABLE %s %s",
        SQL.identifier(table),
        SQL(", ").join(
            SQL("ALTER COLUMN %s TYPE %s USING %s", *column) for column in columns
        ),
    )
    try:
        with cr.savepoint(flush=False):
            cr.execute(anew, log_exceptions=False)
    except psycopg2.DatabaseError as error:
        _logger.warning(
            "The table %s cannot be written anew, so each of its rows is updated; "
            "VACUUM FULL gives the space back. PostgreSQL says: %s",
            table,
            error,
        )
        cr.execute(
            SQL(
                "UPDATE %s SET %s",
                SQL.identifier(table),
                SQL(", ").join(
                    SQL("%s = %s", column, expression)
                    for column, _type, expression in columns
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
