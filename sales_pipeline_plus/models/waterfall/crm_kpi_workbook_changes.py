from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...kpi.changes import KINDS
from ...workbook.book import Column
from ..figures.crm_kpi import RECORD_FILTERS
from ..workbook.crm_kpi_workbook_sheets import FIRST_ROW

# The deals that are listed, the biggest changes first.
MOST_CHANGES = 500
MEASURES = ("count", "amount", "weighted")


class CrmKpiWorkbook(models.AbstractModel):
    """What changed in the pipeline in the period: the same bars as on the page."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_forecast) + 1
        return [*sheets[:place], self._write_changes, *sheets[place:]]

    @api.model
    def _write_changes(self, book, question):
        filters = self._get_change_filters(question)
        answer = filters and self.env["crm.kpi"].get_changes(filters)
        sheet = book.add_sheet(self.env._("What Changed"), pages=0)
        book.write_title(
            sheet, self.env._("What Changed"), self._get_change_remark(answer)
        )
        amount = [self.env._("Amount"), self.env._("Weighted")]
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("What Changed"), width=26),
                Column(self.env._("Opportunities"), "count"),
                Column(self.env._("Number"), "count"),
                *(Column(label, "amount") for label in amount),
            ],
            [
                [bar["label"], bar["deals"], *(bar[name] for name in MEASURES)]
                for bar in (answer["bars"] if answer else ())
            ],
            empty_text=self._get_no_data(),
        )
        if not answer:
            return
        book.add_chart(
            sheet,
            "column",
            self.env._("What Changed"),
            (FIRST_ROW, 6),
            [
                {
                    "name": label,
                    "categories": (FIRST_ROW + 1, 0, last_row, 0),
                    "values": (FIRST_ROW + 1, column, last_row, column),
                }
                for column, label in enumerate(amount, start=3)
            ],
            unit="amount",
        )
        row = max(last_row + 3, FIRST_ROW + 18)
        self._write_changed_deals(book, sheet, row, filters, answer)

    @api.model
    def _write_changed_deals(self, book, sheet, row, filters, answer):
        """List the biggest changes under the bars."""
        changes = self.env["crm.pipeline.change"].with_context(
            change_filters={**filters, "start": answer["start"]}
        )
        labels = {kind.code: self.env._(kind.label) for kind in KINDS}
        found = changes.search(
            Domain("kind", "not in", ["opening", "closing"]), limit=MOST_CHANGES
        )
        book.write_table(
            sheet,
            row,
            [
                Column(self.env._("What Changed"), width=26),
                Column(self.env._("Opportunity"), width=34),
                Column(self.env._("Customer"), width=38),
                Column(self.env._("Amount"), "amount", width=18),
                Column(self.env._("Weighted"), "amount", width=18),
                Column(self.env._("Amount Then"), "amount", width=18),
                Column(self.env._("Amount Now"), "amount", width=18),
                Column(self.env._("Closing Then"), "date", width=14),
                Column(self.env._("Closing Now"), "date", width=14),
                Column(self.env._("Salesperson Then"), width=20),
                Column(self.env._("Salesperson Now"), width=20),
            ],
            [
                [
                    labels[change.kind],
                    change.deal_name,
                    change.customer_name,
                    change.amount_change,
                    change.weighted_change,
                    change.old_amount if change.has_old else None,
                    change.new_amount if change.has_new else None,
                    change.old_date_deadline,
                    change.new_date_deadline,
                    # Whoever reads a deal reads the names on it.
                    change.old_user_id.sudo().name,
                    change.new_user_id.sudo().name,
                ]
                for change in found
            ],
            empty_text=self._get_no_data(),
        )

    @api.model
    def _get_change_filters(self, question):
        """Return the filters of the changes in the period: from the last snapshot
        before it to the last one in it, or to now while it runs. So the opening is the
        closing of the period before. None without two snapshots to compare.
        """
        kpi = self.env["crm.kpi"]
        period, _comparison, _domain = kpi._read_filters(question.filters)
        weeks = kpi._get_change_weeks()
        filters = {
            name: ids
            for name, ids in question.filters.items()
            if name in RECORD_FILTERS
        }
        before = [week for week in weeks if week < period.start]
        start = next(iter(before or weeks[-1:]), None)
        end = None
        if period.end <= fields.Date.context_today(self):
            end = next((week for week in weeks if week < period.end), None)
            if not end or end <= start:
                return None
            filters["end"] = fields.Date.to_string(end)
        if not start or start >= period.end:
            return None
        return {**filters, "start": fields.Date.to_string(start)}

    @api.model
    def _get_change_remark(self, answer):
        if not answer:
            return self.env._("There are no two snapshots to compare")
        return self.env._(
            "From the snapshot of %(start)s to %(end)s; the opening and all changes "
            "add up to the closing",
            start=format_date(self.env, answer["start"]),
            end=format_date(self.env, answer["end"])
            if answer["end"]
            else self.env._("now"),
        )
