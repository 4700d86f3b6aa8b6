import base64
from dataclasses import dataclass, field
from io import BytesIO

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime
from odoo.tools.image import image_process

from ...workbook.book import Book, Style

# strftime's codes in a language's format, in those of a workbook.
DATE_CODES = {
    "%d": "dd",
    "%-d": "d",
    "%m": "mm",
    "%-m": "m",
    "%Y": "yyyy",
    "%y": "yy",
    "%b": "mmm",
    "%B": "mmmm",
    "%a": "ddd",
    "%A": "dddd",
}


@dataclass
class Question:
    """What a workbook is about: the filters, and the answers that sheets share."""

    filters: dict
    answers: dict = field(default_factory=dict)


class CrmKpiWorkbook(models.AbstractModel):
    """The workbook for management: it writes what ``crm.kpi`` answers.

    Another addon adds a sheet by extending :meth:`_get_sheets`.
    """

    _name = "crm.kpi.workbook"
    _description = "Workbook of Sales Figures"

    @api.model
    def _write_workbook(self, target, filters=None, progress=None):
        """Write the workbook with the user's rights, in the user's language.

        :param target: path or binary file to write to
        :param filters: as for :meth:`crm.kpi.get_figures`
        :param progress: called with the percentage done after each sheet
        :raise UserError: if the filters are not understood
        """
        self.env["crm.lead"].check_access("read")
        question = Question(dict(filters or {}))
        sheets = self._get_sheets()
        texts = {
            "title": self.env._("Sales Figures"),
            "author": self.env.user.name,
            "company": self.env.company.name,
        }
        page_text = self.env._("Page {page} of {pages}")
        with Book(target, self._get_style(), page_text, texts) as book:
            for number, write_sheet in enumerate(sheets, start=1):
                write_sheet(book, question)
                if progress:
                    progress(100 * number / len(sheets))
            self._write_contents(book)

    @api.model
    def _get_sheets(self):
        """Return the methods that write the sheets, in their order.

        Each is called with the :class:`Book` and the :class:`Question`. A hook: add
        yours at its place in the list.
        """
        return [
            self._write_cover,
            self._write_summary,
            self._write_pipeline,
            self._write_forecast,
            self._write_salespeople,
            self._write_customers,
            self._write_countries,
            self._write_products,
            self._write_stages,
            self._write_slips,
            self._write_reliability,
            self._write_lost_reasons,
            self._write_effort,
            self._write_deals,
            self._write_definitions,
        ]

    @api.model
    def _get_file_name(self, filters=None):
        """Return the name of the file: what it is, the company and its period."""
        answer = self._ask(Question(dict(filters or {})), ["created_count"])
        name = self.env._(
            "Sales figures %(company)s %(start)s to %(end)s",
            company=self.env.company.name,
            **answer["period"],
        )
        return "".join("-" if each in '\\/:*?"<>|' else each for each in name) + ".xlsx"

    # ------------------------------------------------------------
    # Helpers of the sheets
    # ------------------------------------------------------------

    @api.model
    def _ask(self, question, codes, breakdown=None, **filters):
        """Return what the engine answers; the same question is asked once."""
        key = (tuple(codes), breakdown, tuple(sorted(filters.items())))
        if key not in question.answers:
            question.answers[key] = self.env["crm.kpi"].get_figures(
                {**question.filters, **filters}, list(codes), breakdown
            )
        return question.answers[key]

    @api.model
    def _get_rows(self, answer, codes):
        """Return (key, [value of each code]) for each key of an answer."""
        return [
            (key, [answer["values"][code][index]["value"] for code in codes])
            for index, key in enumerate(answer["keys"])
        ]

    @api.model
    def _get_label(self, code):
        return self.env._(self.env["crm.kpi"]._get_kpi_by_code()[code].label)

    @api.model
    def _get_unit(self, code):
        return self.env["crm.kpi"]._get_kpi_by_code()[code].unit

    @api.model
    def _get_style(self):
        language = self.env["res.lang"]._get_data(code=self.env["crm.kpi"]._get_lang())
        currency = self.env.company.currency_id
        symbol = (currency.symbol or currency.name).replace('"', "")
        digits = "#,##0" + (
            "." + "0" * currency.decimal_places if currency.decimal_places else ""
        )
        before = currency.position == "before"
        date = self._get_date_format(language.date_format)
        return Style(
            amount=f'"{symbol}"{digits}' if before else f'{digits} "{symbol}"',
            date=date,
            datetime=f"{date} hh:mm",
            is_right_to_left=language.direction == "rtl",
            percentage=f"0.0{self._get_percent_sign()}",
            days=self._get_unit_format(self.env._("days")),
            hours=self._get_unit_format(self.env._("h")),
            points=self._get_unit_format(self.env._("pt")).replace("#,##0", "0"),
        )

    @api.model
    def _get_unit_format(self, unit):
        return '#,##0.0" {}"'.format(unit.replace('"', ""))

    @api.model
    def _get_percent_sign(self):
        """Return the sign as the language writes it after a number: with a space or
        without one."""
        space = self.env._("%s%%", "")[:-1]
        return '" "%' if space else "%"

    @api.model
    def _get_date_format(self, date_format):
        for code, letters in DATE_CODES.items():
            date_format = date_format.replace(code, letters)
        return "yyyy-mm-dd" if "%" in date_format else date_format

    @api.model
    def _get_period_text(self, period):
        return self.env._(
            "%(start)s to %(end)s",
            start=format_date(self.env, period["start"]),
            end=format_date(self.env, period["end"]),
        )

    @api.model
    def _get_no_data(self):
        return self.env._("Nothing in this period")

    # ------------------------------------------------------------
    # Cover
    # ------------------------------------------------------------

    @api.model
    def _write_cover(self, book, question):
        """The company, its logo, what the figures are about and who made them when."""
        sheet = book.add_sheet(self.env._("Cover"), is_landscape=False)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 62)
        logo = self._get_logo()
        if logo:
            sheet.set_row(0, 90)
            sheet.insert_image(
                0, 0, "logo.png", {"image_data": logo, "x_offset": 6, "y_offset": 6}
            )
        book.write_cell(
            sheet,
            2,
            0,
            self.env._("Sales Figures"),
            "text",
            bold=True,
            font_size=24,
            font_color="#714B67",
        )
        sheet.set_row(2, 36)
        book.write_cell(
            sheet, 3, 0, self.env.company.name, "text", bold=True, font_size=14
        )
        for row, (label, text) in enumerate(self._get_cover_lines(question), start=5):
            book.write_cell(sheet, row, 0, label, "text", font_color="#6C757D")
            book.write_cell(sheet, row, 1, text, "text", text_wrap=True)

    @api.model
    def _write_contents(self, book):
        """List the sheets on the cover, once they are all there."""
        cover = book.workbook.worksheets()[0]
        row = cover.dim_rowmax + 3
        book.write_cell(
            cover, row, 0, self.env._("Contents"), "text", font_color="#6C757D"
        )
        book.write_contents(cover, row, 1)

    @api.model
    def _get_logo(self):
        """Return the company's logo as a PNG that fits the cover; None without one."""
        # A client may have asked for the sizes of files instead of the files.
        company = self.env.company.with_context(bin_size=False, bin_size_logo=False)
        image = company.logo and base64.b64decode(company.logo)
        if not image or image.lstrip().startswith((b"<svg", b"<?xml")):
            return None
        try:
            return BytesIO(image_process(image, size=(320, 108), output_format="PNG"))
        except UserError:
            # A picture that nobody can read is no reason to withhold the figures.
            return None

    @api.model
    def _get_cover_lines(self, question):
        """Return the (label, text) lines under the title."""
        answer = self._ask(question, ["created_count"])
        comparison = answer["comparison"]
        lines = [
            (self.env._("Period"), self._get_period_text(answer["period"])),
            (
                self.env._("Compared with"),
                self._get_period_text(comparison)
                if comparison
                else self.env._("No comparison"),
            ),
            *self._get_filter_lines(question.filters),
        ]
        lines += [
            (
                self.env._("Currency"),
                self.env._(
                    "%(currency)s; from other currencies each amount at its own date: "
                    "the closing of what is won or lost, today for what is open",
                    currency=self.env.company.currency_id.name,
                ),
            ),
            (self.env._("Made by"), self.env.user.name),
            (
                self.env._("Made on"),
                self.env._(
                    "%(date)s (%(zone)s)",
                    date=format_datetime(self.env, fields.Datetime.now()),
                    zone=self.env.tz.zone,
                ),
            ),
            (
                self.env._("Whose figures"),
                self.env._(
                    "What %(user)s may read, in %(companies)s",
                    user=self.env.user.name,
                    companies=", ".join(self.env.companies.mapped("name")),
                ),
            ),
        ]
        return lines

    @api.model
    def _get_filter_lines(self, filters):
        """Return the (label, names) lines of the filters that are set."""
        models_and_labels = {
            "company_ids": ("res.company", self.env._("Companies")),
            "team_ids": ("crm.team", self.env._("Sales Teams")),
            "user_ids": ("res.users", self.env._("Salespeople")),
            "pipeline_ids": ("crm.pipeline", self.env._("Pipelines")),
            "campaign_ids": ("utm.campaign", self.env._("Campaigns")),
            "category_ids": ("product.category", self.env._("Product Categories")),
        }
        lines = []
        for name, (model, label) in models_and_labels.items():
            if filters.get(name):
                records = self.env[model].browse(filters[name])
                lines.append((label, ", ".join(records.mapped("display_name"))))
        if filters.get("lead_ids"):
            lines.append(
                (
                    self.env._("Opportunities"),
                    self.env._("Chosen: %s", len(filters["lead_ids"])),
                )
            )
        return lines or [(self.env._("Filters"), self.env._("None"))]
