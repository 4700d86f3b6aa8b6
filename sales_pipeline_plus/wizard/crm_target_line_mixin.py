from odoo import api, fields, models
from odoo.fields import Domain

from ..kpi.target_period import UNITS, Span


class CrmTargetLineMixin(models.AbstractModel):
    """A target about to be set, in the preview of a dialog.

    The dialog's line has a ``company_id`` and a ``currency_id``.
    """

    _name = "crm.target.line.mixin"
    _inherit = ["crm.dialog.mixin"]
    _description = "Target About to Be Set"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="cascade")
    period_type = fields.Selection([(unit, unit) for unit in UNITS], required=True)
    date_start = fields.Date(required=True)
    period_name = fields.Char("Period", compute="_compute_period_name")
    value = fields.Monetary("Target")
    existing_id = fields.Many2one("crm.target", ondelete="cascade")
    existing_value = fields.Monetary("Until Now", related="existing_id.value")

    @api.depends("date_start", "period_type", "company_id")
    @api.depends_context("lang")
    def _compute_period_name(self):
        targets = self.env["crm.target"]
        for line in self:
            line.period_name = line.date_start and targets._get_period_name(
                Span(line.period_type, line.date_start), line.company_id
            )

    @api.model
    def _prepare_lines(self, figure, company, targets, without_team=()):
        """Return the values of lines, with the targets that are there already.

        :param targets: list of (team id or False, user id or False, span, value)
        :param without_team: ids of salespeople whose team was not named: theirs is that
            of the target that is there, also when they have changed team since
        """
        if not targets:
            return []
        found = self.env["crm.target"].search(
            Domain("figure", "=", figure)
            & Domain("company_id", "=", company.id)
            & Domain("date_start", ">=", min(each[2].start for each in targets))
            & Domain("date_start", "<=", max(each[2].start for each in targets))
        )
        existing = {
            (each.team_id.id, each.user_id.id, each._get_span()): each.id
            for each in found
        }
        teams = {
            (each.user_id.id, each._get_span()): each.team_id.id
            for each in found
            if each.user_id.id in without_team
        }
        lines = []
        for proposed, user, span, value in targets:
            is_there = (proposed, user, span) in existing
            team = proposed if is_there else teams.get((user, span), proposed)
            lines.append(
                {
                    "team_id": team,
                    "user_id": user,
                    "period_type": span.unit,
                    "date_start": span.start,
                    "value": value,
                    "existing_id": existing.get((team, user, span), False),
                }
            )
        return lines

    def _set_targets(self, figure, company):
        """Set the targets that the lines say: new ones, or another value.

        :return: the targets
        """
        targets = self.existing_id
        for line in self:
            if line.existing_id and line.existing_id.value != line.value:
                line.existing_id.value = line.value
        new_lines = self.filtered(lambda line: not line.existing_id)
        new = [
            {
                "figure": figure,
                "company_id": company.id,
                "team_id": line.team_id.id,
                "user_id": line.user_id.id,
                "period_type": line.period_type,
                "date_start": line.date_start,
                "value": line.value,
            }
            for line in new_lines
        ]
        created = self.env["crm.target"].create(new)
        for line, target in zip(new_lines, created, strict=True):
            line.existing_id = target
        return targets | created
