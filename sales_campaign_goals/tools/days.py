"""The days that a campaign can have."""

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.sales_pipeline_plus.tools.arguments import FIRST_DAY, LAST_DAY


def check_days(record, name, *fnames):
    """Refuse days that cannot be meant, which no calendar counts to.

    :param name: what the record is called, for the user
    :raise ValidationError: for a day before 1900 or after 2199
    """
    for fname in fnames:
        day = record[fname]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(
                record.env._(
                    "“%(name)s”: the field “%(field)s” is %(day)s. Enter a day from "
                    "1900 to 2199.",
                    name=name,
                    field=record._fields[fname]._description_string(record.env),
                    day=fields.Date.to_string(day),
                )
            )
