from odoo import models

from .file_cells import read_ods, read_xls, read_xlsx


class BaseImport(models.TransientModel):
    """Hands over the cells of a workbook as they are, where the context asks for it."""

    _inherit = "base_import.import"

    def _read_xlsx(self, options):
        return self._read_cells(read_xlsx) or super()._read_xlsx(options)

    def _read_xls(self, options):
        return self._read_cells(read_xls) or super()._read_xls(options)

    def _read_ods(self, options):
        return self._read_cells(read_ods) or super()._read_ods(options)

    def _read_cells(self, read):
        """Return how many rows there are and the rows, or None if texts are wanted."""
        if not self.env.context.get("import_cells"):
            return None
        rows = read(self.file or b"")
        return len(rows), rows
