from odoo import models

from .lazy_reference import LazyReference


class MailMessage(models.Model):
    """The notes on what is planned are written for many at once."""

    _inherit = "mail.message"

    res_id = LazyReference()
