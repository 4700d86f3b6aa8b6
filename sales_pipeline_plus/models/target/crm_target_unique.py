import re
from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ValidationError

INDEX = "crm_target_unique_target"
# In the order of the index
KEY = ("figure", "date_start", "period_type", "company_id", "team_id", "user_id")


class CrmTarget(models.Model):
    """There is one target only for a figure, a period and an owner.

    PostgreSQL sees to it, in a race as well; here it is said which one is there.
    """

    _inherit = "crm.target"

    @api.model_create_multi
    def create(self, vals_list):
        with self._naming_duplicate():
            return super().create(vals_list)

    def write(self, vals):
        if vals.keys().isdisjoint({*KEY, "active"}):
            return super().write(vals)
        with self._naming_duplicate():
            return super().write(vals)

    @contextmanager
    def _naming_duplicate(self):
        try:
            with self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            if error.diag.constraint_name != INDEX:
                raise
            message = self._describe_duplicate(error.diag.message_detail)
            raise ValidationError(message) from error

    @api.model
    def _describe_duplicate(self, detail):
        """Name the target that PostgreSQL found twice.

        :param detail: its words, which end in ``=(won_amount, 2026-11-01, month, 1, 0,
            7) already exists``
        """
        texts = re.search(r"=\((.*)\)", detail)[1].split(", ")
        values = {
            name: int(text) or False if name.endswith("_id") else text
            for name, text in zip(KEY, texts, strict=True)
        }
        values["date_start"] = fields.Date.to_date(values["date_start"])
        other = self.sudo().search(
            [(name, "=", value) for name, value in values.items()], limit=1
        )
        if not other:
            return self.env._(
                "%s: the same target is there twice. Leave one out.",
                self.sudo().new(values).display_name,
            )
        return self.env._(
            "%(target)s: there is already a target of the same figure for the same "
            "period and owner, of %(value)s. Change that one.",
            target=other.display_name,
            value=other._format_value(),
        )
