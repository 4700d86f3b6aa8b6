import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import formatLang, split_every

from ...kpi.target_share import share_out
from ...workbook.book import Column
from .crm_kpi_workbook_sheets import FIRST_ROW

# Excel stays handy with these, and the biggest ones come first.
MOST_DEALS = 10_000
BATCH = 2_000


class CrmKpiWorkbook(models.AbstractModel):
    """The opportunities behind the figures, one in each row."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_deals(self, book, question):
        """Write what was created or closed in the period, and what is open.

        The biggest ones, if there are too many for a workbook.
        """
        deals = self.env["crm.lead"].with_context(active_test=False, prefetch_fields=0)
        ids = deals._search(
            self._get_deals_domain(question),
            order="expected_revenue desc, id",
            limit=MOST_DEALS + 1,
        ).get_result_ids()
        is_cut, ids = len(ids) > MOST_DEALS, ids[:MOST_DEALS]
        sheet = book.add_sheet(self.env._("Opportunities"), is_streamed=True, pages=0)
        remark = self.env._("Created or closed in the period, or open")
        if is_cut:
            remark = self.env._(
                "Created or closed in the period, or open: the %s with the highest "
                "expected revenue",
                formatLang(self.env, MOST_DEALS, digits=0),
            )
        book.write_title(sheet, self.env._("Opportunities"), remark)
        book.write_table(
            sheet,
            FIRST_ROW,
            self._get_deal_columns(question),
            self._get_deal_rows(deals, ids, question),
            len(ids),
            self._get_no_data(),
        )

    @api.model
    def _get_deals_domain(self, question):
        kpi = self.env["crm.kpi"]
        period, _comparison, domain = kpi._read_filters(question.filters)
        return (
            kpi._get_credited_domain(domain)
            & Domain("type", "=", "opportunity")
            & (
                kpi._get_period_domain("date_start", period)
                | kpi._get_period_domain("date_closed", period)
                | self.env["crm.lead"]._get_open_domain()
            )
        )

    @api.model
    def _get_deal_columns(self, question):
        """Return the columns; their widths are given, since rows are not kept."""
        columns = [
            Column(self.env._("Opportunity"), width=40),
            Column(self.env._("Customer"), width=38),
            Column(self.env._("Pipeline"), width=26),
            Column(self.env._("Stage"), width=18),
            Column(self.env._("Status"), width=10),
            Column(self.env._("Salesperson"), width=20),
            Column(self.env._("Sales Team"), width=18),
            Column(self.env._("Expected Revenue"), "amount", width=18),
            Column(self.env._("In Its Own Currency"), "number", width=18),
            Column(self.env._("Currency"), width=10),
            Column(self.env._("Probability"), "percentage", width=12),
            Column(self.env._("Weighted Revenue"), "amount", width=18),
            Column(self.env._("Started On"), "date", width=13),
            Column(self.env._("Expected Closing"), "date", width=18),
            Column(self.env._("Closed On"), "date", width=13),
            Column(self.env._("Postponements"), "count", width=14),
            Column(self.env._("Lost Reason"), width=20),
            Column(self.env._("Source"), width=18),
        ]
        if self.env["crm.lead.share"]._are_there():
            columns.append(Column(self.env._("Shares"), width=34))
            if self._get_credited_users(question) is not None:
                columns.append(
                    Column(self.env._("Credited Revenue"), "amount", width=18)
                )
        return columns

    @api.model
    def _get_deal_rows(self, deals, ids, question):
        """Yield the rows in batches, without keeping them."""
        conversion = self.env.company._get_conversion(self.env.companies)
        currency = self.env.company.currency_id
        archived = self.env._("Archived")

        def to_amount(deal, amount):
            return currency.round(
                conversion.convert(amount, deal.company_id.id, deal._get_rate_day())
            )

        statuses = dict(deals._fields["deal_status"]._description_selection(self.env))
        for batch in split_every(BATCH, ids):
            records = deals.browse(batch)
            records.fetch(
                [
                    "active",
                    "company_id",
                    "date_closed",
                    "date_deadline",
                    "date_start",
                    "expected_revenue",
                    "is_slip_unknown",
                    "lost_reason_id",
                    "name",
                    "partner_id",
                    "partner_name",
                    "pipeline_id",
                    "postponement_count",
                    "probability",
                    "prorated_revenue",
                    "source_id",
                    "stage_id",
                    "team_id",
                    "user_id",
                    "won_status",
                ]
            )
            shares = self._get_share_cells(records, question, to_amount)
            # Whoever reads a deal reads the names on it.
            for deal, names in zip(records, records.sudo(), strict=True):
                yield [
                    deal.name,
                    names.partner_id.display_name or deal.partner_name,
                    names.pipeline_id.name,
                    names.stage_id.name,
                    statuses.get(deal.deal_status, archived),
                    names.user_id.name,
                    names.team_id.name,
                    to_amount(deal, deal.expected_revenue),
                    deal.expected_revenue,
                    deal.company_currency.name,
                    deal.probability,
                    to_amount(deal, deal.prorated_revenue),
                    self._get_local(deal.date_start),
                    deal.date_deadline,
                    self._get_local(deal.date_closed),
                    None if deal.is_slip_unknown else deal.postponement_count,
                    names.lost_reason_id.name,
                    names.source_id.name,
                    *shares[deal.id],
                ]
            records.invalidate_recordset(flush=False)

    @api.model
    def _get_local(self, moment):
        """Return the user's date at a moment."""
        if not moment:
            return None
        return pytz.utc.localize(moment).astimezone(self.env.tz).date()

    # ------------------------------------------------------------
    # Shares: nothing of it where none is shared
    # ------------------------------------------------------------

    @api.model
    def _get_credited_users(self, question):
        """Return the ids of the salespeople that the workbook is about, or None."""
        kpi = self.env["crm.kpi"]
        return kpi._get_credited_users(kpi._read_filters(question.filters)[2])

    @api.model
    def _get_share_cells(self, records, question, to_amount):
        """Return {id of an opportunity: who shares it, and what of it counts for the
        salespeople asked for}.

        :param to_amount: function of an opportunity and an amount of it
        """
        shares = self.env["crm.lead.share"]
        if not shares._are_there():
            return dict.fromkeys(records._ids, ())
        percentages = shares._get_percentages(records)
        users = self._get_credited_users(question)
        describe = self.env["crm.lead.concern.share"]._describe
        cells = {}
        for deal in records:
            own = percentages.get(deal.id)
            cells[deal.id] = [own and describe(deal, own)]
            if users is not None:
                credit = deal.expected_revenue
                if own:
                    # As the figures do: the parts add up to the whole.
                    unit = deal.company_currency.rounding
                    weights = [round(100 * share) for share in own.values()]
                    parts = share_out(round(credit / unit), weights)
                    credit = unit * sum(
                        part
                        for user, part in zip(own, parts, strict=True)
                        if user in users
                    )
                cells[deal.id].append(to_amount(deal, credit))
        return cells
