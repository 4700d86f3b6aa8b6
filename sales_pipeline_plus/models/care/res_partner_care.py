from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_category import SALESPERSON

# {field: column of ``_get_care_sql``}
COLUMNS = {
    "care_state": "state",
    "care_days": "days",
    "care_last_date": "moment",
    "care_last_kind": "kind",
    "care_days_since": "since",
    "care_planned_date": "planned",
}


def _search(name):
    return lambda self, operator, value: self._get_care_domain(name, operator, value)


class ResPartner(models.Model):
    """How long nobody has spoken with a customer whose tag says how long that may be.

    It is that of the company with all of its people, and what the reader may read.
    """

    _inherit = "res.partner"

    care_state = fields.Selection(
        [
            ("neglected", "Neglected"),
            ("planned", "Care Planned"),
            ("good", "Cared for"),
        ],
        string="Care",
        compute="_compute_care",
        search=_search("care_state"),
        groups=SALESPERSON,
        help="Neglected: no contact for as many days as the tag says, and nothing is "
        "planned. Planned: an activity or a meeting is to come. A customer without any "
        "contact counts from the day on which it was created.",
    )
    care_days = fields.Integer(
        "Days Allowed",
        compute="_compute_care",
        search=_search("care_days"),
        aggregator=None,
        groups=SALESPERSON,
        help="The fewest days of the tags of the company and its people.",
    )
    care_last_date = fields.Datetime(
        "Last Contact of Any Kind",
        compute="_compute_care",
        search=_search("care_last_date"),
        groups=SALESPERSON,
        help="The last e-mail or message that is no internal note, activity done, "
        "meeting held or order, with the company, its people or about their "
        "opportunities.",
    )
    care_last_kind = fields.Selection(
        [
            ("message", "Message"),
            ("call", "Phone Call"),
            ("meeting", "Meeting"),
            ("activity", "Activity"),
            ("order", "Order"),
        ],
        string="Kind of Contact",
        compute="_compute_care",
        search=_search("care_last_kind"),
        groups=SALESPERSON,
    )
    care_days_since = fields.Integer(
        "Days Since",
        compute="_compute_care",
        search=_search("care_days_since"),
        aggregator=None,
        groups=SALESPERSON,
        help="Days since the last contact.",
    )
    care_planned_date = fields.Date(
        "Planned For",
        compute="_compute_care",
        search=_search("care_planned_date"),
        groups=SALESPERSON,
        help="The earliest activity or meeting to come.",
    )

    @api.depends("category_id", "commercial_partner_id")
    @api.depends_context("allowed_company_ids", "tz", "uid")
    def _compute_care(self):
        found = {}
        if company_ids := self.commercial_partner_id._origin.ids:
            for row in self.env.execute_query_dict(
                SQL("SELECT * FROM (%s) AS care", self._get_care_sql(company_ids))
            ):
                found[row["id"]] = row
        for partner in self:
            row = found.get(partner.commercial_partner_id._origin.id, {})
            for name, column in COLUMNS.items():
                partner[name] = row.get(column, False)

    @api.model
    def _get_care_domain(self, name, operator, value):
        if operator not in ("in", "not in", "<", ">", "<=", ">="):
            return NotImplemented
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let what is known of the care be compared, sorted and grouped."""
        if field_expr not in COLUMNS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        care = query.make_alias(alias, "care")
        if care not in query._joins:
            query.add_join(
                "LEFT JOIN",
                care,
                SQL("(%s)", self._get_care_sql()),
                SQL(
                    "%s = %s",
                    SQL.identifier(care, "id"),
                    self._field_to_sql(alias, "commercial_partner_id", query),
                ),
            )
        return SQL.identifier(care, COLUMNS[field_expr])
