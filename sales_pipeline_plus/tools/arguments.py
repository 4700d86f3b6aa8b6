"""Checks of what a public method is called with.

Another program may send anything by RPC, and so may a script of a user. Each function
returns the value that it checked, or raises a `UserError` that says what is expected.
"""

from contextlib import contextmanager
from datetime import date
from reprlib import Repr

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.orm.identifiers import NewId

from .texts import get_model_name

# What PostgreSQL keeps as the id of a record.
LAST_ID = 2**31 - 1
# Days that can be those of a sale: 1012 for 2012 is a slip of the hand.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

# What was given is quoted, but not at any length.
_short = Repr()
_short.maxstring = _short.maxother = 60


def refuse(env, name, value, expected):
    """Raise the error: the argument, what it must be, and what was given."""
    raise UserError(
        env._(
            "“%(argument)s” must be %(expected)s, and not %(given)s.",
            argument=name,
            expected=expected,
            given=_short.repr(value),
        )
    )


def is_id(value):
    """Whether a value can be the id of a record.

    >>> is_id(7), is_id(True), is_id(0), is_id(2**31), is_id("7")
    (True, False, False, False, False)
    """
    return type(value) is int and 0 < value <= LAST_ID


def check_id(env, name, value):
    """Return the id of a record, or False for none."""
    if value is None or value is False or is_id(value):
        return value or False
    return refuse(env, name, value, env._("the number of a record"))


def check_ids(env, name, value):
    """Return a list of ids of records; nothing is an empty list."""
    if value is None or value is False:
        return []
    if isinstance(value, list | tuple) and all(map(is_id, value)):
        return list(value)
    return refuse(env, name, value, env._("a list of the numbers of records"))


def check_names(env, name, value):
    """Return a list of texts."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return list(value)
    return refuse(env, name, value, env._("a list of names"))


def check_choice(env, name, value, choices):
    """Return one of the choices."""
    if isinstance(value, str) and value in choices:
        return value
    return refuse(env, name, value, env._("one of %s", ", ".join(choices)))


def check_mapping(env, name, value):
    """Return a dict, a copy; nothing is an empty one."""
    if value is None or value is False:
        return {}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return dict(value)
    return refuse(env, name, value, env._("a dictionary of names and values"))


def check_day(env, name, value):
    """Return a date between 1900 and 2199, given as such or as 2026-12-31."""
    expected = env._("a day from 1900 to 2199, such as 2026-12-31")
    if not isinstance(value, str | date):
        return refuse(env, name, value, expected)
    try:
        day = fields.Date.to_date(value)
    except ValueError:
        return refuse(env, name, value, expected)
    if not day or not FIRST_DAY <= day <= LAST_DAY:
        return refuse(env, name, value, expected)
    return day


def check_records(records):
    """Check that what a method is called on can be records, of the database or new."""
    ids = records._ids
    if not all(is_id(each) or isinstance(each, NewId) for each in ids):
        refuse(records.env, "ids", ids, records.env._("the numbers of records"))


def get_context_id(env, key):
    """Return the id of a record that the context has, or False for none."""
    return check_id(env, key, env.context.get(key))


def get_context_ids(env, key):
    """Return the list of ids of records that the context has, empty for none."""
    return check_ids(env, key, env.context.get(key))


def check_relation(records, name, value):
    """Check that a value names records, or none, as far as Odoo does not say so in a
    sentence.

    :param str name: of a relational field
    """
    env, field = records.env, records._fields[name]
    label = field._description_string(env)
    if not value:
        return
    if field.type in ("many2many", "one2many"):
        if not _are_records(value):
            refuse(env, label, value, env._("a list of the numbers of records"))
    elif not isinstance(value, models.BaseModel | NewId | dict):
        # A dict is what the web client sends of the form around a line.
        check_id(env, label, value)


def _are_records(value):
    """Whether a value is a list of ids, lines and commands, or records."""
    if isinstance(value, models.BaseModel):
        return True
    return isinstance(value, list | tuple) and all(map(_is_command, value))


def _is_command(value):
    match value:
        case dict() | [Command.CREATE, _, dict()] | [Command.CLEAR, *_]:
            return True
        case [Command.SET, _, list() | tuple() as ids]:
            return all(is_id(each) or isinstance(each, NewId) for each in ids)
        case [Command.UPDATE, number, dict()]:
            return is_id(number) or isinstance(number, NewId)
        case [Command.LINK | Command.UNLINK | Command.DELETE, number, *_]:
            return is_id(number) or isinstance(number, NewId)
    return is_id(value) or isinstance(value, NewId)


@contextmanager
def searched_domain(model, value, name="domain"):
    """Give the ``Domain`` that a search is for, while it is searched with.

    What only the search finds out, such as a text where a number is compared, is told
    in the same way.
    """
    try:
        yield Domain(value)
    except (
        *(ValueError, TypeError, KeyError, AttributeError, RecursionError),
        *(psycopg2.DataError, psycopg2.ProgrammingError),
    ) as error:
        env = model.env
        expected = env._("a search for what “%s” has", get_model_name(model))
        try:
            refuse(env, name, value, expected)
        except UserError as told:
            raise told from error
