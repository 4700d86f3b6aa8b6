from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignPatternProposal(models.TransientModel):
    """What the company's own history proposes for a pattern, to adopt or not."""

    _name = "sales.campaign.pattern.proposal"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Proposals for a Goal Pattern"

    pattern_id = fields.Many2one(
        "sales.campaign.pattern", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("sales.campaign.pattern.proposal.line", "proposal_id")

    def _fill(self):
        """Ask the history for the average basket and for each rate."""
        self.ensure_one()
        pattern, history = self.pattern_id, self.env["sales.campaign.pattern.history"]
        proposals = [(self.env["sales.campaign.pattern.step"], history._get_basket)]
        proposals += [
            (step, history._get_rate)
            for step in pattern.step_ids.sorted("tree_path")
            if step.parent_id
        ]
        for step, propose in proposals:
            value, numbers = propose(step or pattern)
            self.line_ids.create(
                {
                    "proposal_id": self.id,
                    "step_id": step.id,
                    "proposed": value or 0.0,
                    "numbers": numbers,
                }
            )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("From History: %s", self.pattern_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_adopt_all(self):
        """Take over all that is proposed."""
        check_records(self)
        self.ensure_one()
        self.pattern_id.check_access("write")
        for line in self.line_ids.filtered("proposed"):
            line._adopt()
        return {"type": "ir.actions.act_window_close"}


class SalesCampaignPatternProposalLine(models.TransientModel):
    _name = "sales.campaign.pattern.proposal.line"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Proposal for a Goal Pattern"
    _rec_name = "step_id"

    proposal_id = fields.Many2one(
        "sales.campaign.pattern.proposal", required=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "sales.campaign.pattern.step",
        readonly=True,
        ondelete="cascade",
        help="Empty: the average basket.",
    )
    name = fields.Char(string="What", compute="_compute_name")
    present = fields.Float(string="Now", compute="_compute_present", digits=(16, 2))
    proposed = fields.Float(readonly=True, digits=(16, 2))
    numbers = fields.Char(string="Numbers behind It", readonly=True)
    is_adopted = fields.Boolean(compute="_compute_present")

    @api.depends("step_id")
    def _compute_name(self):
        for line in self:
            if line.step_id:
                line.name = self.env._("%s (%%)", line.step_id.name)
            else:
                line.name = self.env._(
                    "Average basket (%s)", line.proposal_id.pattern_id.currency_id.name
                )

    @api.depends("step_id.rate", "proposal_id.pattern_id.average_basket", "proposed")
    def _compute_present(self):
        for line in self:
            pattern = line.proposal_id.pattern_id
            line.present = line.step_id.rate if line.step_id else pattern.average_basket
            line.is_adopted = line.present == line.proposed

    def action_adopt(self):
        """Take over this proposal."""
        check_records(self)
        self.ensure_one()
        if not self.proposed:
            raise UserError(
                self.env._("“%(what)s”: %(why)s.", what=self.name, why=self.numbers)
            )
        self._adopt()
        return self.proposal_id._reopen()

    def _adopt(self):
        if self.step_id:
            self.step_id.rate = self.proposed
        else:
            self.proposal_id.pattern_id.average_basket = self.proposed
