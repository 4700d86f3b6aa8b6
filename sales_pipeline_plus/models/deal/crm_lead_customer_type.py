from odoo import fields, models


class CrmLead(models.Model):
    """The segments of the customer, to group opportunities by."""

    _inherit = "crm.lead"

    customer_type_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Types",
        related="partner_id.commercial_partner_id.category_id",
        help="The tags of the customer's company",
    )
