from odoo import api, fields, models

from ...kpi.target_period import Span, get_start
from ...kpi.target_share import share_out

# A little more than in the year before
GROWTH = 1.06
FIGURES = {"won_amount": 1000, "created_count": 1}


class CrmTarget(models.Model):
    """A year of targets for the demo data: what was made before, and a little more."""

    _inherit = "crm.target"

    @api.model
    def _make_demo_targets(self):
        """Give each salesperson of the demo teams a target for each month of this year,
        and the company one for its win rate."""
        company = self.env.ref("base.main_company")
        today = fields.Date.context_today(self)
        months = int(company.fiscalyear_last_month or 12)
        year = Span("year", get_start(today, "year", months))
        spans = year.get_parts("month")
        days = [len(company._get_working_days(span.start, span.end)) for span in spans]
        engine = self.env["crm.kpi"].with_context(allowed_company_ids=company.ids)
        before = {"start": fields.Date.subtract(today, days=364), "end": today}
        vals_list = [
            {
                "figure": "win_rate",
                "company_id": company.id,
                "period_type": "year",
                "date_start": year.start,
                "value": 35,
                "note": "What the management committee agreed on",
            }
        ]
        for name in ("team_equipment", "team_spare"):
            team = self.env.ref(f"sales_pipeline_plus.{name}")
            filters = {"period": before, "team_ids": team.ids, "comparison": "none"}
            answer = engine.get_figures(filters, list(FIGURES), "salesperson")
            people = [key["id"] for key in answer["keys"]]
            for code, step in FIGURES.items():
                made = [cell["value"] for cell in answer["values"][code]]
                cells = [
                    (user, span, value * count)
                    for user, value in zip(people, made, strict=True)
                    for span, count in zip(spans, days, strict=True)
                    if user and value
                ]
                whole = round(sum(made) * GROWTH / step)
                shares = share_out(whole, [weight for *_, weight in cells] or [1])
                vals_list += [
                    {
                        "figure": code,
                        "company_id": company.id,
                        "team_id": team.id,
                        "user_id": user,
                        "period_type": "month",
                        "date_start": span.start,
                        "value": units * step,
                    }
                    for (user, span, _weight), units in zip(cells, shares, strict=False)
                ]
        return self.create(vals_list)
