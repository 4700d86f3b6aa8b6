import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arguments import refuse


def _search_behind(records, operator, values, column):
    """Return the domain of the records behind numbers of the funnel or the cohorts."""
    if operator != "in":
        return NotImplemented
    domain = Domain.FALSE
    for value in values:
        behind = records.env["crm.kpi"]._get_behind_sql(*_read(records.env, value))
        domain |= Domain.custom(
            to_sql=lambda model, alias, query, behind=behind: SQL(
                "%s IN (SELECT %s FROM (%s) AS behind)",
                SQL.identifier(alias, "id"),
                column,
                behind,
            )
        )
    return domain


def _read(env, value):
    """Return the kind of a question and its arguments."""
    try:
        kind, *question = json.loads(value)
        is_read = env["crm.kpi"]._get_behind_kinds().get(kind) == len(question)
    except (TypeError, ValueError, RecursionError):
        is_read = False
    if not is_read:
        expected = env._("a number of the funnel, as its page opens it")
        refuse(env, "funnel_number", value, expected)
    return kind, question


class CrmLead(models.Model):
    """The opportunities behind a number, looked for when they are shown: a list of them
    may be long."""

    _inherit = "crm.lead"

    funnel_number = fields.Char(
        "Number of the Funnel",
        compute="_compute_funnel_number",
        search="_search_funnel_number",
        exportable=False,
        help="For lists that the page of the funnel opens.",
    )

    def _compute_funnel_number(self):
        self.funnel_number = False

    @api.model
    def _search_funnel_number(self, operator, value):
        return _search_behind(self, operator, value, SQL("behind.lead_id"))


class CrmLeadPassage(models.Model):
    """The last stays of deals behind a number, some of which are no more."""

    _inherit = "crm.lead.passage"

    funnel_number = fields.Char(
        "Number of the Funnel",
        compute="_compute_funnel_number",
        search="_search_funnel_number",
        exportable=False,
        help="For lists that the page of the funnel opens.",
    )

    def _compute_funnel_number(self):
        self.funnel_number = False

    @api.model
    def _search_funnel_number(self, operator, value):
        last = SQL(
            """COALESCE(behind.stay_id,
                        (SELECT id FROM crm_lead_passage AS stay
                          WHERE stay.lead_id = behind.lead_id
                            AND stay.former_lead_id IS NULL
                       ORDER BY stay.date_in DESC, stay.id DESC
                          LIMIT 1))"""
        )
        return _search_behind(self, operator, value, last)
