from odoo import api, models
from odoo.exceptions import ValidationError

from ...kpi.target_period import get_start


class ResCompany(models.Model):
    """The fiscal year that quarters and years of targets follow."""

    _inherit = "res.company"

    @api.constrains("fiscalyear_last_month")
    def _check_targets_of_fiscal_year(self):
        """A target for a quarter or year that is none any more would never be met."""
        for company in self:
            # Whoever changes the fiscal year may not see the targets.
            targets = (
                self.env["crm.target"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("period_type", "in", ("quarter", "year")),
                    ]
                )
            )
            months = int(company.fiscalyear_last_month)
            lost = [
                target
                for target in targets
                if get_start(target.date_start, target.period_type, months)
                != target.date_start
            ]
            if lost:
                raise ValidationError(
                    self.env._(
                        "The fiscal year of %(company)s cannot change: targets of "
                        "sales are set for its quarters and years (%(count)s). A "
                        "sales manager archives them first, or shares them out to "
                        "months.",
                        company=company.name,
                        count=len(lost),
                    )
                )
