import io

from openpyxl import load_workbook

from odoo import models


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def _read_xlsx(self, options):
        """Hand over the numbers of cells as numbers, where the context asks for it.

        As text, 33.333 could be thirty-three thousand.
        """
        length, rows = super()._read_xlsx(options)
        if not self.env.context.get("import_cell_numbers"):
            return length, rows
        book = load_workbook(io.BytesIO(self.file), read_only=True, data_only=True)
        cells = [
            row
            for row in book[options["sheet"]].iter_rows(values_only=True)
            if any(str(value).strip() for value in row if value is not None)
        ]
        return length, [
            [
                _get_number(cell, text)
                for cell, text in zip(row + (None,) * len(texts), texts, strict=False)
            ]
            for row, texts in zip(cells, rows, strict=True)
        ]


def _get_number(cell, text):
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return text
    return int(cell) if cell % 1 == 0 else cell
