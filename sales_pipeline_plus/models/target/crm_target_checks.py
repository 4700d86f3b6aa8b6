import math

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

# More cannot be told to the cent.
LARGEST = 1e13


class CrmTarget(models.Model):
    """What a target may be, and its copy for the next period."""

    _inherit = "crm.target"

    @api.constrains("value")
    def _check_value(self):
        """PostgreSQL keeps what is no number, and takes it for more than any."""
        for target in self:
            if not math.isfinite(target.value) or target.value > LARGEST:
                raise ValidationError(
                    self.env._("%s: the target must be a number.", target.display_name)
                )

    @api.constrains("figure")
    def _check_figure(self):
        for target in self:
            if target.figure not in dict(self._get_figures()):
                raise ValidationError(
                    self.env._("“%s” is no figure that has a target.", target.figure)
                )

    @api.constrains("team_id", "user_id", "company_id")
    def _check_owner(self):
        for target in self.sudo():
            team_company = target.team_id.company_id
            if team_company and team_company != target.company_id:
                raise ValidationError(
                    self.env._(
                        "%(target)s: the team %(team)s is not of %(company)s.",
                        target=target.display_name,
                        team=target.team_id.name,
                        company=target.company_id.name,
                    )
                )
            user = target.user_id
            if user and target.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(target)s: %(user)s does not work for %(company)s.",
                        target=target.display_name,
                        user=user.name,
                        company=target.company_id.name,
                    )
                )

    def copy_data(self, default=None):
        """A copy is for the next period: there is one target only for each."""
        vals_list = super().copy_data(default)
        if "date_start" not in (default or {}):
            for target, vals in zip(self, vals_list, strict=True):
                vals["date_start"] = target._get_span().end
        return vals_list

    def _format_value(self):
        self.ensure_one()
        if self.currency_id:
            return self.currency_id.format(self.value)
        digits = 2 if self.value % 1 else 0
        value = formatLang(self.env, self.value, digits=digits)
        return f"{value} {self.unit}".strip()
