from io import BytesIO

import openpyxl

from odoo.tests import tagged

from .test_target import TargetCase


@tagged("post_install", "-at_install")
class TestTargetShown(TargetCase):
    """Workbook and digest tell what the page tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set(21000, cls.salesman)
        cls._win(14000)

    def test_workbook(self):
        target = BytesIO()
        writer = self.env["crm.kpi.workbook"].with_user(self.manager)
        writer.with_company(self.company)._write_workbook(
            target, {"period": "this_month"}
        )
        book = openpyxl.load_workbook(target)
        place = book.sheetnames.index("Salespeople")
        self.assertEqual(
            book.sheetnames[place + 1 : place + 3], ["Targets", "Enough Pipeline"]
        )
        rows = list(book["Targets"].iter_rows(5, values_only=True))
        self.assertEqual(
            [row[:7] for row in rows],
            [
                ("Amount Won", whose, 21000, 14000, 15000, -7000, "Behind")
                for whose in ("Total", "Machines", self.salesman.name, "Nov 2026")
            ],
        )
        [total] = book["Enough Pipeline"].iter_rows(5, 5, values_only=True)
        self.assertEqual(total[:4], ("Total", 21000, 14000, 7000))

    def test_digest(self):
        digest = self.env["digest.digest"].create(
            {"name": "Goals", "company_id": self.company.id, "kpi_crm_target": True}
        )

        def get(user):
            figures = digest._compute_kpis(self.company, user)
            return [each for each in figures if each["kpi_name"] == "kpi_crm_target"]

        [line] = get(self.salesman)
        self.assertEqual(line["kpi_col1"]["col_subtitle"], "This month: Behind")
        for column, amount in ((1, "14,000"), (2, "15,000"), (3, "21,000")):
            self.assertIn(amount, line[f"kpi_col{column}"]["value"])
        self.assertFalse(get(self.colleague), "without a target there is no line")
