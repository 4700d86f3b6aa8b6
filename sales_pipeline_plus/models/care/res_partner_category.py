from odoo import fields, models

SALESPERSON = "sales_team.group_sale_salesman"


class ResPartnerCategory(models.Model):
    """After how many days without any contact customers are neglected."""

    _name = "res.partner.category"
    _inherit = ["res.partner.category", "crm.value.mixin"]

    contact_days = fields.Integer(
        "Days Without Contact",
        groups=SALESPERSON,
        help="Customers with this tag, or one below it, are neglected after so many "
        "days without any contact with the company, its people or about their "
        "opportunities. With several such tags the fewest days count. 0: never.",
    )
    contact_reminder = fields.Selection(
        [
            ("none", "Nothing: they are in the list"),
            ("activity", "Plan a call for the salesperson"),
            ("mail", "Send a mail to the salesperson"),
        ],
        string="When Neglected",
        required=True,
        default="activity",
        groups=SALESPERSON,
        help="What happens once in each such number of days, as long as a customer is "
        "neglected. The salesperson is that of the customer, else of their latest open "
        "opportunity.",
    )
    contact_user_id = fields.Many2one(
        "res.users",
        string="Without a Salesperson",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        groups=SALESPERSON,
        help="Who is reminded of neglected customers that have no salesperson. Empty: "
        "they are in the list only.",
    )

    _contact_days_not_negative = models.Constraint(
        "CHECK(contact_days BETWEEN 0 AND 36500)",
        "The days without contact of a tag must be between 0 and 36,500.",
    )
