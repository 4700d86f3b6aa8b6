from odoo import api, fields, models
from odoo.tools import formatLang

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignPattern(models.Model):
    _inherit = "sales.campaign.pattern"

    effort_text = fields.Char(
        string="Effort",
        compute="_compute_effort_text",
        help="Hours of calls and meetings in the last twelve months, from what you may "
        "see, divided by the meetings, quotations and signatures of that time.",
    )

    @api.depends("company_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_effort_text(self):
        for pattern in self:
            pattern.effort_text = pattern._describe_effort()

    def _describe_effort(self):
        hours = self.env["sales.campaign.pattern.history"]._get_hours(self)
        labels = {
            "calendar.event": self.env._("per meeting"),
            "sale.order": self.env._("per quotation"),
            "won": self.env._("per signature"),
        }
        words = [
            self.env._(
                "%(hours)s h %(what)s",
                hours=formatLang(self.env, value, digits=1),
                what=labels[what],
            )
            for what, value in hours.items()
            if value
        ]
        return ", ".join(words) or self.env._("No data")

    def action_propose(self):
        """Show what the company's own history proposes."""
        check_records(self)
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["sales.campaign.pattern.proposal"].create(
            {"pattern_id": self.id}
        )
        wizard._fill()
        return wizard._reopen()


class SalesCampaignPatternStep(models.Model):
    _inherit = "sales.campaign.pattern.step"

    effort_hours = fields.Float(
        string="Hours for Example",
        compute="_compute_effort_hours",
        digits=(16, 1),
        help="Hours of calls and meetings that so many meetings, quotations or "
        "signatures took in the last twelve months. The hours of several steps "
        "overlap: do not add them up.",
    )

    @api.depends("needed", "res_model", "parent_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_effort_hours(self):
        history = self.env["sales.campaign.pattern.history"]
        hours = {
            pattern: history._get_hours(pattern._origin) for pattern in self.pattern_id
        }
        for step in self:
            step.effort_hours = step._get_effort(
                step.needed, hours.get(step.pattern_id, {})
            )

    def _get_effort(self, number, hours):
        """Hours that so many of this step take, 0 when that is not known."""
        what = self.res_model if self.parent_id else "won"
        return number * (hours.get(what) or 0.0)


class SalesCampaign(models.Model):
    _inherit = "sales.campaign"

    pattern_funnel = fields.Html(
        string="Funnel",
        compute="_compute_pattern_funnel",
        sanitize=False,
        help="Planned against obtained conversion.",
    )

    @api.depends(
        "pattern_id",
        "goal_ids.pattern_step_id",
        "goal_ids.target",
        "goal_ids.current",
        "goal_ids.name",
    )
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_pattern_funnel(self):
        for campaign in self:
            rows = campaign._get_funnel_rows()
            campaign.pattern_funnel = rows and self.env["ir.qweb"]._render(
                "sales_campaign_goals.campaign_pattern_funnel", {"rows": rows}
            )

    def _get_funnel_rows(self):
        """Return a dict per goal of the pattern, in the order of the tree.

        ``planned_rate`` and ``obtained_rate`` are in percent, None when there are none:
        how many of a goal brought one of the goal above.
        """
        self.ensure_one()
        goals = self._get_pattern_goals()
        if not goals:
            return []
        pattern = self.pattern_id._origin
        hours = self.env["sales.campaign.pattern.history"]._get_hours(pattern)
        largest = max(max(goal.target, goal.current) for goal in goals.values())
        rows = []
        for step in pattern.step_ids.sorted("tree_path"):
            if goal := goals.get(step):
                rows.append(
                    {
                        **self._get_funnel_rates(step, goal, goals.get(step.parent_id)),
                        "name": goal.name,
                        "depth": step.tree_path.count("/") - 1,
                        "above": step.parent_id.name,
                        "target": goal._format(goal.target),
                        "current": goal._format(goal.current),
                        "target_width": 100 * goal.target / largest,
                        "current_width": 100 * goal.current / largest,
                        "current_share": min(100, 100 * goal.current / goal.target),
                        "hours": self._format_funnel(
                            step._get_effort(goal.target, hours) or None
                        ),
                    }
                )
        return rows

    def _get_funnel_rates(self, step, goal, above):
        obtained = None
        if above and goal.current:
            obtained = 100 * above.current / goal.current
        return {
            "planned_rate": self._format_funnel(step.rate if step.parent_id else None),
            "obtained_rate": self._format_funnel(obtained),
            "is_below_plan": obtained is not None and obtained < step.rate,
            "is_above_all": obtained is not None and obtained > 100,
        }

    @api.model
    def _format_funnel(self, value):
        if value is None:
            return None
        digits = 0 if value == int(value) else 1
        return formatLang(self.env, value, digits=digits)
