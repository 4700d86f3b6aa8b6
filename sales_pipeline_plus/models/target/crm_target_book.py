from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi.catalogue.targets import SUMS
from ...kpi.target_book import Row, TargetBook, Who
from ...kpi.target_period import cut, get_start

# What Odoo's invoicing target of a sales team is about.
INVOICED = "invoiced_amount"


class CrmTarget(models.Model):
    """The targets of a period, as one book to look them up in."""

    _inherit = "crm.target"

    @api.model
    def _get_book(self, codes, companies, period):
        """Return the :class:`TargetBook` of some figures and a period, with what the
        user may read, in the currency of the user's company.

        Each amount is converted at the rate of its own first day, or at today's if
        that is to come.

        :param codes: codes of figures
        :param companies: whose targets they are
        :param period: a ``Period``
        """
        fiscal_months = {
            company.id: int(company.fiscalyear_last_month or 12)
            for company in companies
        }
        # A level holds for the whole year around the period.
        first = min(
            get_start(period.start, "year", months) for months in fiscal_months.values()
        )
        targets = self.search_fetch(
            Domain("figure", "in", list(codes))
            & Domain("company_id", "in", companies.ids)
            & Domain("date_start", ">=", first)
            & Domain("date_start", "<", period.end),
            [
                *("figure", "company_id", "team_id", "user_id"),
                *("period_type", "date_start", "value"),
            ],
        )
        rows = [
            Row(
                target.figure,
                Who(
                    target.company_id.id,
                    target.team_id.id or None,
                    target.user_id.id or None,
                ),
                target._get_span(),
                target.value,
            )
            for target in targets
        ]
        if INVOICED in codes:
            rows += self._get_invoicing_rows(companies, period)
        return TargetBook(
            self._convert_rows(rows, companies),
            levels={code for code in codes if code not in SUMS},
            fiscal_months=fiscal_months,
        )

    @api.model
    def _get_invoicing_rows(self, companies, period):
        """Return what Odoo's own target of the sales teams says: one for each month.

        It holds where the team has no target of its own here. A team of no company
        has it in the user's.
        """
        teams = self.env["crm.team"].search(
            [
                ("invoiced_target", ">", 0),
                ("company_id", "in", [*companies.ids, False]),
            ]
        )
        months = [month for span in cut(period) for month in span.get_parts("month")]
        company = self.env.company
        return [
            Row(
                INVOICED,
                Who((team.company_id or company).id, team.id),
                month,
                team.invoiced_target,
                "odoo",
            )
            for team in teams
            for month in months
            if (team.company_id or company) in companies
        ]

    @api.model
    def _convert_rows(self, rows, companies):
        currency = self.env.company.currency_id
        conversion = self.env.company._get_conversion(companies)
        today = fields.Date.context_today(self)
        known = self.env["crm.kpi"]._get_kpi_by_code()
        return [
            row
            if known[row.code].unit != "amount"
            else row._replace(
                value=currency.round(
                    conversion.convert(
                        row.value, row.who.company, min(row.span.start, today)
                    )
                )
            )
            for row in rows
        ]
