from odoo import fields, models


class ResCompany(models.Model):
    """Whether the credit of an opportunity can be shared."""

    _inherit = "res.company"

    uses_deal_shares = fields.Boolean(
        string="Shares of Opportunities",
        help="The salesperson of an opportunity and its collaborators can share its "
        "credit in percent. Figures by salesperson, targets and the goals of "
        "salespeople follow. Without shares an opportunity is all of its salesperson.",
    )
