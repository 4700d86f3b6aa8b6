"""Checks values before Odoo fails on them. By RPC and import any value may come."""

from math import isfinite

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .numbers import read_number
from .texts import get_model_name

NUMBERS = ("float", "integer", "monetary")
READERS = {"date": fields.Date.to_date, "datetime": fields.Datetime.to_datetime}
MOST_CHOICES = 12
CHECKED = (*NUMBERS, *READERS, "selection")


def check_values(records, vals):
    """Check the numbers, dates and choices, also of lines that are created.

    :param records: on which they are written; empty if they are to be created
    :raise ValidationError: naming the record, the field and what to do
    """
    for name, value in vals.items():
        field = records._fields.get(name)
        if not field:
            continue
        if field.type == "one2many":
            _check_lines(records.env[field.comodel_name], value)
        if field.type not in CHECKED or _is_kept(records.env, field, value):
            continue
        texts = {
            "record": records[:1].display_name or _name_new(records, vals),
            "value": str(value)[:60],
            "field": field._description_string(records.env),
        }
        raise ValidationError(_get_text(records.env, field, texts))


def _is_kept(env, field, value):
    """Return whether Odoo can keep a value in a field."""
    if field.type in NUMBERS:
        return isfinite(read_number(value, field.type))
    if field.type == "selection":
        # What is computed, such as the models that there are, Odoo does not check.
        is_fixed = isinstance(field.selection, list)
        return not value or not is_fixed or value in field.get_values(env)
    try:
        READERS[field.type](value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def _get_text(env, field, texts):
    """Return what is wrong with the value of a field, and what to do."""
    if field.type == "selection":
        return env._(
            "“%(record)s”: “%(value)s” is no choice of the field “%(field)s”. "
            "Choose one of: %(choices)s.",
            choices=_list_choices(field._description_selection(env)),
            **texts,
        )
    if field.type in READERS:
        return env._(
            "“%(record)s”: “%(value)s” is no date for the field “%(field)s”. "
            "Choose a day of the calendar.",
            **texts,
        )
    if field.type == "integer":
        return env._(
            "“%(record)s”: “%(value)s” is no number for the field “%(field)s”. "
            "Enter a whole one.",
            **texts,
        )
    return env._(
        "“%(record)s”: “%(value)s” is no number for the field “%(field)s”. "
        "Enter one that is finite.",
        **texts,
    )


def _list_choices(selection):
    """Return the labels of the first choices."""
    labels = [label for _value, label in selection]
    more = ["…"] if len(labels) > MOST_CHOICES else []
    return ", ".join(labels[:MOST_CHOICES] + more)


def _check_lines(model, commands):
    """Check the lines that are created together with their record."""
    for command in commands if isinstance(commands, list | tuple) else ():
        if (
            isinstance(command, list | tuple)
            and len(command) == 3
            and command[0] == Command.CREATE
            and isinstance(command[2], dict)
        ):
            check_values(model, command[2])


def _name_new(model, vals):
    """Return the name that a new record gets, else what it is."""
    name = vals.get(model._rec_name)
    if name and isinstance(name, str):
        return name
    return get_model_name(model)
