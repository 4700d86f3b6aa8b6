"""Which values Odoo can keep as a number. By RPC and import any value may come."""

from math import isfinite, nan

from odoo.exceptions import ValidationError
from odoo.fields import Command

# What PostgreSQL keeps in a column of whole numbers.
LARGEST_INTEGER = 2**31 - 1
READERS = {"float": float, "integer": int, "monetary": float}


def read_number(value, kind="float"):
    """Return the number that Odoo would keep, or NaN for what is none.

    :param str kind: the type of the field

    >>> read_number(False), read_number("12.5"), read_number("12.5", "integer")
    (0.0, 12.5, nan)
    >>> [read_number(value) for value in ("inf", "ten", [1])]
    [nan, nan, nan]
    """
    try:
        number = READERS[kind](value or 0)
    except (OverflowError, TypeError, ValueError):
        return nan
    is_kept = isfinite(number) and (kind != "integer" or abs(number) <= LARGEST_INTEGER)
    return number if is_kept else nan


def check_numbers(records, vals):
    """Check the values of numeric fields, also of lines that are created, before Odoo
    fails to round them.

    :param records: on which they are written; empty if they are to be created
    :raise ValidationError: naming the record, the field and what to do
    """
    for name, value in vals.items():
        field = records._fields.get(name)
        if field and field.type == "one2many":
            _check_lines(records.env[field.comodel_name], value)
        if not field or field.type not in READERS:
            continue
        if isfinite(read_number(value, field.type)):
            continue
        env = records.env
        texts = {
            "record": records[:1].display_name or _name_new(records, vals),
            "value": str(value)[:60],
            "field": field._description_string(env),
        }
        if field.type == "integer":
            raise ValidationError(
                env._(
                    "“%(record)s”: “%(value)s” is no number for the field "
                    "“%(field)s”. Enter a whole one.",
                    **texts,
                )
            )
        raise ValidationError(
            env._(
                "“%(record)s”: “%(value)s” is no number for the field “%(field)s”. "
                "Enter one that is finite.",
                **texts,
            )
        )


def _check_lines(model, commands):
    """Check the lines that are created together with their record."""
    for command in commands if isinstance(commands, list | tuple) else ():
        if (
            isinstance(command, list | tuple)
            and len(command) == 3
            and command[0] == Command.CREATE
            and isinstance(command[2], dict)
        ):
            check_numbers(model, command[2])


def _name_new(model, vals):
    """Return the name that a new record gets, else what it is."""
    name = vals.get(model._rec_name)
    return name if name and isinstance(name, str) else model._description
