from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from .import_words import get_status


class CrmLead(models.Model):
    """The rows of a file that are lost today, and lack a reason."""

    _inherit = "crm.lead"

    @api.model
    def _find_unreasoned(self, names, data):
        """Return the names of those that their pipeline refuses for want of a lost
        reason.

        Not those that Odoo has already: they may have a reason.

        :param names: paths of the fields, see ``load``
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        if (
            "import_status" not in names
            or self.env.context.get("default_type") == "lead"
            or not any(layout.lost_reason_required for layout in layouts.values())
        ):
            return []
        lost = [
            row
            for row in data
            if get_status(row[names.index("import_status")]) == "lost"
            and not self._has_reason(names, row)
        ]
        pipelines, found = {}, []
        for row in lost:
            record = self._get_record_of_row(names, row)
            keys = {key: record[key] for key in ("id", ".id") if key in record}
            if self._find_imported("crm.lead", keys):
                continue
            layout = self._get_layout_of_row(record, pipelines)
            if layout and layout.lost_reason_required:
                found.append(row[names.index("name")] if "name" in names else "?")
        return found

    @api.model
    def _has_reason(self, names, row):
        """Tell whether a row has a reason, or needs none."""
        cells = dict(zip(names, row, strict=True))
        if any(cells[name] for name in names if name.startswith("lost_reason_id")):
            return True
        try:
            closed = fields.Datetime.to_datetime(cells.get("date_closed") or None)
        except ValueError:
            return False
        if not closed:
            return False
        # Odoo takes the times of a file as those of its reader.
        zone = ZoneInfo(self.env["ir.fields.converter"]._input_tz().zone)
        closed = closed.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        company = self.env.company
        return company._get_day(closed) < company._get_day(self.env.cr.now())

    @api.model
    def _get_record_of_row(self, names, row):
        """Return what a row says of its record and pipeline, as Odoo extracts it."""
        record = {}
        for path, value in zip(names, row, strict=True):
            name, _slash, subfield = path.partition("/")
            if name in ("id", ".id") and value:
                record[name] = value
            elif name in ("pipeline_id", "team_id") and value:
                record[name] = [{subfield or None: value}]
        return record
