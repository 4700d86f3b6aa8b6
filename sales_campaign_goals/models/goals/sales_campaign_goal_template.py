from odoo import fields, models


class SalesCampaignGoalTemplate(models.Model):
    """A ready-made goal, which a sales manager may add to."""

    _name = "sales.campaign.goal.template"
    _inherit = "sales.campaign.goal.definition"
    _description = "Ready-made Goal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to share the ready-made goal between all companies.",
    )
    target = fields.Float(
        string="Proposed Target", required=True, default=10.0, digits=(16, 2)
    )

    _positive_target = models.Constraint(
        "CHECK(target > 0)", "The proposed target must be more than zero."
    )

    def _prepare_goal_vals(self):
        """Return the values of a goal made from this one."""
        self.ensure_one()
        return {
            "name": self.name,
            "target": self.target,
            **{fname: self[fname] for fname in self._get_definition_fields()},
        }
