from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..kpi.catalogue.targets import SUMS
from ..kpi.period import Period
from ..kpi.target_period import UNITS
from ..kpi.target_share import share_out
from ..tools.arguments import check_records


class CrmTargetShare(models.TransientModel):
    """Share a target out: to parts of its period, to teams, to salespeople.

    Each share is its exact part by the weights, in whole smallest units (cents of an
    amount, else the last decimal of the target), and what is left over
    goes to the largest remainders: the shares add up to the target exactly.

    Weights: the working days of the company's calendar, each owner the same; last
    year's values of the same figure, by owner and period; or all the same.
    """

    _name = "crm.target.share"
    _inherit = ["crm.dialog.mixin"]
    _description = "Share Out a Target"

    target_id = fields.Many2one("crm.target", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="target_id.company_id")
    currency_id = fields.Many2one(related="target_id.currency_id")
    value = fields.Monetary(related="target_id.value")
    period_type = fields.Selection(
        [("keep", "The same period"), ("quarter", "Quarters"), ("month", "Months")],
        string="Over",
        required=True,
        default="month",
    )
    owner_type = fields.Selection(
        [
            ("keep", "The same owner"),
            ("team", "Sales teams"),
            ("salesperson", "Salespeople"),
        ],
        string="Among",
        required=True,
        default="keep",
    )
    method = fields.Selection(
        [
            ("working_days", "By working days"),
            ("last_year", "As last year"),
            ("equal", "Equally"),
        ],
        string="How",
        required=True,
        default="working_days",
    )
    line_ids = fields.One2many(
        "crm.target.share.line",
        "share_id",
        string="Shares",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    problem = fields.Char(compute="_compute_problem")
    total = fields.Monetary("Shared Out", compute="_compute_total")
    difference = fields.Monetary("Left Over", compute="_compute_total")

    @api.depends("line_ids.value", "value")
    def _compute_total(self):
        for share in self:
            total = sum(share.line_ids.mapped("value"))
            difference = share.value - total
            share.total = total
            # Less than half of the smallest unit is a float's, not a person's.
            is_nothing = abs(difference) < share._get_step() / 2
            share.difference = 0 if is_nothing else round(difference, 6)

    @api.depends("target_id", "period_type", "owner_type", "method")
    def _compute_problem(self):
        for share in self:
            share.problem = share._get_problem()

    def _get_problem(self):
        """Return why the target cannot be shared out in this way, or an empty text."""
        target = self.target_id
        unit = target.period_type
        if not target:
            return ""
        if target.figure not in SUMS:
            return self.env._(
                "A rate, a mean or a state is not shared out: its target holds for "
                "each part of the period."
            )
        if self.period_type == "keep" and self.owner_type == "keep":
            return self.env._("Choose to what it is shared out.")
        if self.period_type != "keep" and UNITS[self.period_type] >= UNITS[unit]:
            return self.env._("The target is not for longer than that.")
        if self.owner_type != "keep" and not self._get_owners():
            return self.env._("There is nobody to share it out to.")
        if self.method == "last_year" and not any(self._get_weights_last_year()):
            return self.env._(
                "There is nothing of last year to share it out by. Choose another way."
            )
        return ""

    # ------------------------------------------------------------
    # Shares
    # ------------------------------------------------------------

    @api.depends("target_id", "period_type", "owner_type", "method")
    def _compute_line_ids(self):
        for share in self:
            commands = [Command.clear()]
            if share.target_id and not share._get_problem():
                commands += [Command.create(vals) for vals in share._prepare_shares()]
            share.line_ids = commands

    def _get_spans(self):
        span = self.target_id._get_span()
        return (
            [span] if self.period_type == "keep" else span.get_parts(self.period_type)
        )

    def _get_owners(self):
        """Return the (team id, user id) of those who get a share."""
        target = self.target_id
        if self.owner_type == "keep":
            return [(target.team_id.id, target.user_id.id)]
        if target.user_id or (target.team_id and self.owner_type == "team"):
            return []
        teams = target.team_id or self.env["crm.team"].search(
            [("company_id", "in", [target.company_id.id, False])]
        )
        if self.owner_type == "team":
            return [(team.id, False) for team in teams]
        members = self.env["crm.team.member"].search(
            Domain("crm_team_id", "in", teams.ids)
            & Domain("user_id.active", "=", True)
            & Domain("user_id.company_ids", "in", target.company_id.ids)
        )
        return [
            (member.crm_team_id.id, member.user_id.id)
            for member in members.sorted(
                lambda one: (teams.ids.index(one.crm_team_id.id), one.user_id.name)
            )
        ]

    def _get_cells(self):
        """Return the (team id, user id, span) of the shares, in their order."""
        return [
            (team, user, span)
            for team, user in self._get_owners()
            for span in self._get_spans()
        ]

    def _get_weights(self):
        if self.method == "last_year":
            return self._get_weights_last_year()
        cells = self._get_cells()
        if self.method == "equal":
            return [1] * len(cells)
        days = {
            span: len(self.company_id._get_working_days(span.start, span.end))
            for span in self._get_spans()
        }
        return [days[span] for _team, _user, span in cells]

    def _get_weights_last_year(self):
        """Return what each owner made of the figure in each period a year before."""
        target = self.target_id
        engine = self.env["crm.kpi"].with_context(
            allowed_company_ids=target.company_id.ids
        )
        kpi = engine._get_kpi_by_code()[target.figure]
        year = relativedelta(years=1)
        periods = [
            Period(span.start - year, span.end - year) for span in self._get_spans()
        ]
        filters = {"company_ids": target.company_id.ids}
        if target.team_id:
            filters["team_ids"] = target.team_id.ids
        if target.user_id:
            filters["user_ids"] = target.user_id.ids
        _period, _comparison, domain = engine._read_filters(filters)
        breakdown = {"team": "team", "salesperson": "salesperson"}.get(self.owner_type)
        scope = engine._get_scope(domain, periods, breakdown)
        facts = engine._get_facts(scope, set(kpi.facts))
        weights = []
        for team, user in self._get_owners():
            key = {"team": team, "salesperson": user}.get(breakdown, False)
            for index in range(len(periods)):
                value = engine._get_value(kpi, facts, index, key)
                weights.append(max(value or 0, 0))
        return weights

    def _get_step(self):
        """Return the smallest unit of the shares."""
        if self.currency_id:
            return self.currency_id.rounding
        decimals = (
            digits for digits in range(6) if round(self.value, digits) == self.value
        )
        return 10 ** -next(decimals, 6)

    def _prepare_shares(self):
        step, cells = self._get_step(), self._get_cells()
        shares = share_out(round(self.value / step), self._get_weights())
        return self.line_ids._prepare_lines(
            self.target_id.figure,
            self.company_id,
            [
                (*cell, round(units * step, 6))
                for cell, units in zip(cells, shares, strict=True)
            ]
            + [(*cell, 0) for cell in self._get_former_cells(cells)],
        )

    def _get_former_cells(self, cells):
        """Return the shares of before of those who get none any more."""
        if self.owner_type == "keep":
            return []
        to_people = self.owner_type == "salesperson"
        spans = self._get_spans()
        former = self.env["crm.target"].search(
            Domain("figure", "=", self.target_id.figure)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("period_type", "=", spans[0].unit)
            & Domain("date_start", "in", [span.start for span in spans])
            & Domain("user_id", "!=" if to_people else "=", False)
            & Domain("team_id", "!=", False)
        )
        if self.target_id.team_id:
            former = former.filtered_domain(
                [("team_id", "=", self.target_id.team_id.id)]
            )
        found = [
            (each.team_id.id, each.user_id.id, each._get_span()) for each in former
        ]
        return [cell for cell in found if cell not in cells]

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_share(self):
        """Set the targets as the preview shows them, and open them.

        :raise UserError: if they do not add up to the target, or cannot be shared out
        """
        check_records(self)
        self.ensure_one()
        if self.problem:
            raise UserError(self.problem)
        if self.difference:
            raise UserError(
                self.env._(
                    "The shares must add up to the target: %(left)s are left over.",
                    left=self.currency_id.format(self.difference)
                    if self.currency_id
                    else formatLang(self.env, self.difference),
                )
            )
        target = self.target_id
        targets = self.line_ids._set_targets(target.figure, target.company_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shares of %s", target.display_name),
            "res_model": "crm.target",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", targets.ids)],
        }


class CrmTargetShareLine(models.TransientModel):
    """The share of one owner in one period."""

    _name = "crm.target.share.line"
    _inherit = ["crm.target.line.mixin"]
    _description = "Share of a Target"

    share_id = fields.Many2one("crm.target.share", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="share_id.company_id")
    currency_id = fields.Many2one(related="share_id.currency_id")
