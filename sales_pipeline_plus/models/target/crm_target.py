from odoo import api, fields, models

from ...kpi.catalogue.targets import can_have_target


class CrmTarget(models.Model):
    """What is to be made of a figure in a month, quarter or year.

    By a company, a team of it, or a salesperson. A salesperson's target carries the
    team at the time when it was set; it stays with both when the salesperson changes
    team. Which target holds when several could, says ``kpi/target_book``.

    Targets are shared out downwards by ``crm.target.share`` and come from a table of
    periods by ``crm.target.import``, or line by line by Odoo's import.
    """

    _name = "crm.target"
    _inherit = ["crm.naming.mixin", "crm.period.mixin"]
    _description = "Target"
    _order = "date_start desc, figure, company_id, team_id, user_id, id"

    active = fields.Boolean(default=True)
    figure = fields.Selection("_get_figures", required=True, default="won_amount")
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Of a salesperson's target, the team that it counts for. It stays when "
        "the salesperson changes team.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: the target of the whole team, or of the whole company.",
    )
    period_type = fields.Selection(
        selection_add=[("year", "Year")], ondelete={"year": "cascade"}
    )
    date_start = fields.Date(
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="The first day of the month, quarter or year. Quarters and years are "
        "those of the company's fiscal year.",
    )
    value = fields.Monetary("Target", required=True, aggregator=None)
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="Of amounts: that of the company.",
    )
    unit = fields.Char(compute="_compute_unit")
    note = fields.Text()

    _value_positive = models.Constraint(
        "CHECK(value >= 0)", "A target cannot be below zero."
    )
    _unique_target = models.UniqueIndex(
        "(figure, date_start, period_type, company_id, COALESCE(team_id, 0), "
        "COALESCE(user_id, 0)) WHERE active",
        "There is already a target of this figure for the same period and the same "
        "company, team or salesperson. Change that one.",
    )

    @api.model
    def _get_figures(self):
        """Return the figures that can have a target, for a selection."""
        return [
            (kpi.code, self.env._(kpi.label))
            for kpi in self.env["crm.kpi"]._get_known_kpis()
            if can_have_target(kpi)
        ]

    @api.depends("user_id")
    def _compute_team_id(self):
        """Propose the team that the salesperson is in now, if they are not in that of
        the target."""
        targets = self.filtered(
            lambda target: (
                target.user_id and target.user_id not in target.team_id.member_ids
            )
        )
        for company in targets.company_id:
            some = targets.filtered(lambda target: target.company_id == company)  # noqa: B023
            teams = some.user_id._get_teams_for_targets(company)
            for target in some:
                target.team_id = teams.get(target.user_id.id)

    @api.depends("figure", "company_id.currency_id")
    def _compute_currency_id(self):
        for target in self:
            kpi = self.env["crm.kpi"]._get_kpi_by_code().get(target.figure)
            is_amount = kpi and kpi.unit == "amount"
            target.currency_id = is_amount and target.company_id.currency_id

    @api.depends("figure", "currency_id")
    def _compute_unit(self):
        words = self._get_unit_words()
        for target in self:
            kpi = self.env["crm.kpi"]._get_kpi_by_code().get(target.figure)
            word = kpi and words.get(kpi.unit)
            target.unit = target.currency_id.name or word or ""

    @api.model
    def _get_unit_words(self):
        return {
            "percentage": self.env._("%"),
            "days": self.env._("days"),
            "hours": self.env._("hours"),
        }

    @api.depends("figure", "company_id", "team_id", "user_id", "period_name")
    def _compute_display_name(self):
        labels = dict(self._get_figures())
        for target in self:
            owner = target.user_id or target.team_id or target.company_id
            target.display_name = self.env._(
                "%(figure)s, %(owner)s, %(period)s",
                figure=labels.get(target.figure, ""),
                owner=owner.display_name or "",
                period=target.period_name or "",
            )
