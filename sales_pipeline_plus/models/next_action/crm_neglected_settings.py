from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    neglected_deals_frequency = fields.Selection(
        [
            ("off", "Never"),
            ("daily", "Every day"),
            ("weekly", "Every week"),
            ("monthly", "Every month"),
        ],
        string="Mail About Neglected Opportunities",
        required=True,
        default="weekly",
        help="Salespeople and team leaders get a mail that lists their open "
        "opportunities without next action, with an overdue one, past their expected "
        "closing date, or out of standard.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    neglected_deals_frequency = fields.Selection(
        related="company_id.neglected_deals_frequency", readonly=False
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    neglected_deals_mail = fields.Boolean(
        string="Mail About Neglected Opportunities",
        default=True,
        help="Get the mail that lists your open opportunities, and those of the sales "
        "teams you lead, without next action, with an overdue one, past their expected "
        "closing date, or out of standard.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["neglected_deals_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["neglected_deals_mail"]
