from odoo import api, fields, models
from odoo.tools import formatLang

# A verdict that rests on fewer closed opportunities says so.
FEW = 5


class SalesCampaign(models.Model):
    """Whether to do a campaign again, and what that rests on."""

    _inherit = "sales.campaign"

    verdict = fields.Selection(
        [
            ("again", "Do it again"),
            ("wait", "Wait"),
            ("not_again", "Not like this"),
            ("no_data", "No data"),
        ],
        compute="_compute_verdict",
        help="Do it again: it has brought its cost back. Wait: it has not, but it "
        "still runs or has open opportunities. Not like this: it has not, and nothing "
        "is open any more. No data: it has no costs.",
    )
    verdict_reason = fields.Char(
        string="What It Rests on",
        compute="_compute_verdict",
        help="The return, and the opportunities that it comes from.",
    )

    @api.depends("has_return", "return_on_investment", "date_end", "date_start")
    @api.depends_context("lang", "tz", "company", "allowed_company_ids")
    def _compute_verdict(self):
        for campaign in self:
            campaign.verdict = campaign._get_verdict()
            campaign.verdict_reason = campaign._get_verdict_reason()

    def _get_open_count(self):
        return self.opportunity_count - self.won_count - self.lost_count

    def _get_verdict(self):
        if not self.has_return:
            return "no_data"
        if self.return_on_investment >= 0:
            return "again"
        if self._get_open_count() or self.period_state != "ended":
            return "wait"
        return "not_again"

    def _get_verdict_reason(self):
        """Return the return and the opportunities in one sentence."""
        closed = self.won_count + self.lost_count
        parts = []
        if self.has_return:
            sign = "+" if self.return_on_investment > 0 else ""
            number = formatLang(self.env, self.return_on_investment, digits=0)
            parts.append(self.env._("return %s%%", f"{sign}{number}"))
        parts.append(
            self.env._(
                "won %(won)s of %(closed)s closed", won=self.won_count, closed=closed
            )
        )
        if count := self._get_open_count():
            parts.append(self.env._("%s still open", count))
        if closed < FEW:
            parts.append(self.env._("few cases"))
        return ", ".join(parts)
