from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResUsersSettings(models.Model):
    """The tiles that a user wants on the page of the flash figures, in their order."""

    _inherit = "res.users.settings"

    flash_figure_codes = fields.Json(
        help="Codes of the figures, see the catalogue of crm.kpi. None: the usual ones"
    )

    @api.constrains("flash_figure_codes")
    def _check_flash_figure_codes(self):
        for settings in self:
            codes = settings.flash_figure_codes or []
            if not isinstance(codes, list) or not all(
                isinstance(code, str) and code.isidentifier() for code in codes
            ):
                raise ValidationError(
                    self.env._(
                        "The tiles of %(user)s must be a list of codes of figures.",
                        user=settings.user_id.display_name,
                    )
                )
