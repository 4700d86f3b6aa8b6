from odoo import fields, models


class ResCompany(models.Model):
    """The tag that makes a customer of a prospect."""

    _inherit = "res.company"
    # Both are cached with the set-up of the pipelines.
    _setup_fields = frozenset({"customer_category_id", "pipeline_id"})

    customer_category_id = fields.Many2one(
        "res.partner.category",
        string="Tag of New Customers",
        ondelete="set null",
        help="A company gets this tag when its first opportunity is won. It is never "
        "taken away by itself. Empty: nothing is marked.",
    )
