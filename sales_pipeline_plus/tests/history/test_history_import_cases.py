import io

from openpyxl import Workbook

from odoo.tests import tagged

from .test_history_import import HistoryImportCase


@tagged("post_install", "-at_install")
class TestHistoryImportCases(HistoryImportCase):
    """What other CRMs write in ways of their own."""

    def _get_changes(self, deal):
        return self.env["crm.lead.change"].search(
            [("lead_id", "=", deal.id)], order="date, id"
        )

    def test_newest_first(self):
        """The value before the first change is that of the earliest one."""
        header, *rows = (
            "Deal ID,Field,Old value,New value,Time",
            "101,Value,1000,2000,2025-04-28 10:00:00",
            "101,Value,2000,3000,2025-05-12 10:00:00",
            "101,Stage,Contact made,Needs analysed,2025-04-01 10:00:00",
            "101,Stage,Needs analysed,Offer sent,2025-05-05 10:00:00",
        )
        results = []
        for lines in (rows, rows[::-1]):
            self.env["crm.lead.change"].sudo().search([]).unlink()
            self._bring_in("order.csv", "\n".join([header, *lines]).encode())
            results.append(self._describe_all())
        self.assertEqual(*results)
        self.assertEqual(results[0][0][0][0][0], "Contact made")
        self.assertEqual(self._get_snapshots(self.lathe)[0].amount, 1000)

    def test_bad_value_before(self):
        content = (
            b"Deal ID,Field,Old value,New value,Time\n"
            b"101,Value,12abc,2000,2025-04-28 10:00:00\n"
        )
        wizard = self._open("before.csv", content)
        self.assertEqual(wizard.problems, "Row 2: “12abc” is no number.")
        self.assertEqual(wizard.change_count, 1)

    def test_fields_under_one_number(self):
        content = (
            b"Update ID,Deal ID,Field,New value,Time\n"
            b"7,101,Stage,Contact made,2025-03-03 10:00:00\n"
            b"7,101,Value,2000,2025-03-03 10:00:00\n"
            b"8,101,Value,3000,2025-04-07 10:00:00\n"
            b"8,101,Value,4000,2025-04-14 10:00:00\n"
        )
        for _time in range(2):
            self._bring_in("one.csv", content)
            self.assertEqual(
                [
                    (change.stage_id.name, change.amount)
                    for change in self._get_changes(self.lathe)
                ],
                [("Contact made", 2000), (False, 3000), (False, 4000)],
            )

    def test_fractions(self):
        for values, found in (
            (("0.25", "1", "0.29"), [25, 100, 29]),
            (("0", "1", "0.5%"), [0, 1, 0.5]),
            (("0.25", "40", "1"), [0.25, 40, 1]),
        ):
            with self.subTest(values):
                self.env["crm.lead.change"].sudo().search([]).unlink()
                lines = [
                    f"101,hs_deal_stage_probability,{value},2025-03-0{day}T08:30:00Z"
                    for day, value in enumerate(values, start=1)
                ]
                content = "\n".join(["Record ID,Property,Value,Timestamp", *lines])
                wizard = self._bring_in("probability.csv", content.encode())
                self.assertEqual(wizard.has_fractions, found[0] == 25)
                self.env.cr.execute(
                    "SELECT probability::float8 FROM crm_lead_change "
                    "WHERE lead_id = %s ORDER BY date",
                    [self.lathe.id],
                )
                self.assertEqual([row[0] for row in self.env.cr.fetchall()], found)

    def test_numbers_of_a_workbook(self):
        book = Workbook()
        for row in (
            ["Deal ID", "Stage", "Amount", "Date"],
            [101, "Contact made", 33.333, "2025-03-03 09:00"],
            [None, None, None, None],
            [102, "Request", "33.333", "2025-03-04 09:00"],
        ):
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        self._bring_in("history.xlsx", file.getvalue())
        self.assertEqual(
            [self._get_changes(deal).amount for deal in (self.lathe, self.inserts)],
            [33.333, 33333],
        )

    def test_decimal_mark_of_the_file(self):
        content = (
            b"Deal ID,Stage,Amount,Date\n"
            b"101,Contact made,33.333,2025-03-03\n102,Request,12.50,2025-03-03\n"
        )
        self._bring_in("marks.csv", content)
        self.assertEqual(self._get_changes(self.lathe).amount, 33.333)

    def test_impossible_years(self):
        content = (
            "Deal ID,Stage,Close date,Date\n"
            "101,Contact made,9999-12-31,2025-03-03\n"
            "101,Contact made,,0001-01-01\n"
            "101,Contact made,,9999-12-31 23:59\n"
            "101,Contact made,,2025-03-03\n"
        )
        for zone in ("Europe/Paris", "America/Los_Angeles", "UTC"):
            wizard = self._open("years.csv", content.encode(), tz=zone)
            self.assertEqual(wizard.change_count, 1)
            self.assertEqual(
                [line[:7] for line in wizard.problems.split("\n")],
                ["Row 2: ", "Row 3: ", "Row 4: "],
            )

    def test_unknown_number_and_a_known_name(self):
        lathe, inserts, cell = self.lathe, self.inserts, self.cell
        content = (
            "Deal ID,Deal title,Stage,Date\n"
            f"9001,{lathe.name},Contact made,2025-03-03\n"
            f"102,{inserts.name},Request,2025-03-03\n"
            f"9002,{inserts.name},Quotation,2025-03-03\n"
            f"9003,{cell.name},Contact made,2025-03-03\n"
            f"9004,{cell.name},Contact made,2025-03-03\n"
        )
        wizard = self._open("names.csv", content.encode())
        for number in ("9002", "9003", "9004"):
            self.assertIn(number, wizard.problems)
        self.assertNotIn("9001", wizard.problems)
        wizard.action_import()
        self.assertEqual(self._get_changes(lathe).stage_id.name, "Contact made")
        self.assertEqual(self._get_changes(inserts).stage_id.name, "Request")
        self.assertFalse(self._get_changes(cell))

    def test_two_activities_under_one_number(self):
        content = (
            b"Activity ID,Deal ID,Type,Subject,Done time,Assigned to\n"
            b"1,101,Call,First call,2025-03-03 09:00,Claire Fontaine\n"
            b"1,101,Call,Second call,2025-03-04 09:00,Claire Fontaine\n"
            b"1,101,Call,Second call,2025-03-04 09:00,Claire Fontaine\n"
            b",101,Call,Third call,2025-03-05,Claire Fontaine\n"
            b",101,Call,Third call,2025-03-05,Thomas Girard\n"
        )
        for _time in range(2):
            wizard = self._bring_in("activities.csv", content)
            self.assertEqual(wizard.activity_count, 4)
            found = self.env["mail.message"].search(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "=", self.lathe.id),
                    ("mail_activity_type_id", "!=", False),
                ],
                order="date, id",
            )
            self.assertEqual(
                found.mapped("subject"),
                ["First call", "Second call", "Third call", "Third call"],
            )

    def test_date_order_is_found_out_again(self):
        """Emptied in the preview, it is found out like at first."""
        wizard = self._open("history_salesforce.csv")
        wizard.date_order = False
        wizard.action_refresh()
        self.assertEqual(wizard.date_order, "mdy")
        wizard.date_order = False
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.date_order), ("done", "mdy"))
