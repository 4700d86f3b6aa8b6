import csv
from base64 import b64decode
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.base_import.models.base_import import ImportValidationError

from ..models.history.file_text import guess_encoding, guess_separator
from ..models.history.file_values import guess_order
from ..models.history.history_file import get_columns, get_missing_columns, read_rows
from ..models.history.import_words import get_status
from ..tools.arguments import check_records

MAX_NAMED = 20
SAMPLES = "/sales_pipeline_plus/static/import"


class CrmHistoryImport(models.TransientModel):
    """Import what happened to opportunities in another CRM, after a preview.

    It is also the record of an import that runs in the background. A file can be
    imported again: what is known already is written once.
    """

    _name = "crm.history.import"
    _inherit = ["crm.dialog.mixin"]
    _description = "Import a History"
    # An import that runs in the background outlives an interruption.
    _transient_max_hours = 24 * 7

    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    state = fields.Selection(
        [
            ("draft", "File"),
            ("preview", "Preview"),
            ("running", "Importing"),
            ("done", "Imported"),
            ("failed", "Given Up"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    date_order = fields.Selection(
        [
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("ymd", "Year, month, day"),
        ],
        string="Dates are written",
        help="As the file has them. Left open, it is found out.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone of the File",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Of times that do not name their own.",
    )
    use_stage_probability = fields.Boolean(
        "Weigh by the present probabilities of the stages",
        default=True,
        help="For the weekly snapshots, where the file has no probability. Otherwise "
        "there are no snapshots of these weeks.",
    )
    line_ids = fields.One2many("crm.history.import.stage", "import_id", string="Stages")
    row_count = fields.Integer("Rows", readonly=True)
    lead_count = fields.Integer("Opportunities", readonly=True)
    change_count = fields.Integer("Changes", readonly=True)
    activity_count = fields.Integer("Activities Done", readonly=True)
    first_date = fields.Datetime("From", readonly=True)
    last_date = fields.Datetime("To", readonly=True)
    problems = fields.Text("Left Out", readonly=True)
    has_fractions = fields.Boolean("Probabilities are Fractions", readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    last_lead_id = fields.Integer(readonly=True)
    failures = fields.Text("Not Imported", readonly=True)
    message = fields.Text(compute="_compute_message")

    @api.depends("state", "done_count", "lead_count", "failures")
    def _compute_message(self):
        for each in self:
            each.message = (
                each.env._(
                    "The import runs in the background; you will be told when it is "
                    "done. Opportunities so far: %(done)s of %(count)s.",
                    done=each.done_count,
                    count=each.lead_count,
                )
                if each.state == "running"
                else each._get_result()
            )

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _get_action(self):
        return self._get_dialog_action(self.env._("Import a history"))

    def action_preview(self):
        """Read the file and show what would come in.

        :raise UserError: if it is no history
        """
        check_records(self)
        self.ensure_one()
        headers, rows = self._get_rows()
        self.line_ids = [Command.clear(), *self._prepare_lines(headers, rows)]
        self._update_preview()
        return self._get_action()

    def action_refresh(self):
        """Show the preview with the present choices, or how far the import has come."""
        check_records(self)
        self.ensure_one()
        if self.state == "preview":
            self._update_preview()
        return self._get_action()

    def action_back(self):
        """Choose another file."""
        check_records(self)
        self.ensure_one()
        self.write({"state": "draft", "file": False, "date_order": False})
        return self._get_action()

    def action_show_changes(self):
        """Open the changes that have been imported so far."""
        check_records(self)
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_lead_change_action"
        )

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _get_rows(self):
        """Return the first row of the file and the others.

        :raise UserError: if it cannot be read, or is no history
        """
        if not self.file:
            raise UserError(self.env._("Choose the file to import."))
        content = b64decode(self.with_context(bin_size=False).file)
        importer = self.env["base_import.import"].create(
            {
                "res_model": "crm.lead",
                "file": content,
                "file_name": self.file_name or "history.csv",
                "file_type": "",
            }
        )
        try:
            _length, rows = importer.with_context(import_cells=True)._read_file(
                self._get_reading_options(content)
            )
        except (ImportValidationError, ValueError, AttributeError, csv.Error) as error:
            raise UserError(
                self.env._(
                    "“%(file)s” cannot be read: %(error)s Save it as CSV or XLSX.",
                    file=self.file_name or "",
                    error=getattr(error, "message", None) or str(error),
                )
            ) from error
        headers, *rows = rows or [[]]
        labels = {
            "deal": self.env._("the number or the name of the opportunity (Deal ID)"),
            "moment": self.env._("when it changed (Timestamp)"),
            "fact": self.env._("what changed (Stage, Amount, Field and New value…)"),
        }
        missing = get_missing_columns(get_columns(headers))
        if missing:
            raise UserError(
                self.env._(
                    "“%(file)s” is no history: it has no column for %(columns)s. "
                    "Compare it with the sample files.",
                    file=self.file_name or "",
                    columns=", ".join(labels[name] for name in missing),
                )
            )
        return headers, rows

    @api.model
    def _get_reading_options(self, content):
        """Return how a CSV file is written; a workbook is read without them."""
        encoding = guess_encoding(content)
        text = content.decode(encoding, "replace")
        return {
            "quoting": '"',
            "encoding": encoding,
            "separator": guess_separator(text),
        }

    def _find_date_order(self, headers, data):
        """Return how a file writes its dates, else how the user's language does."""
        rows = list(read_rows(headers, data))
        for texts in (
            [row.moment for row in rows],
            [
                facts.get("deadline")
                for row in rows
                for facts in (row.facts, row.old_facts)
            ],
        ):
            texts = [text for text in texts if isinstance(text, str)]
            if order := guess_order(texts):
                return order
        lang = self.env["res.lang"]._lang_get(self.env.user.lang or "en_US")
        return {"d": "dmy", "Y": "ymd"}.get(lang.date_format[1:2], "mdy")

    def _get_zone(self):
        return ZoneInfo(self.tz)

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    def _prepare_lines(self, headers, rows):
        """Return the commands for the stages that the file names."""
        counts = {}
        for row in read_rows(headers, rows):
            for name in (row.facts.get("stage"), row.old_facts.get("stage")):
                if name:
                    key = str(name).lower()
                    first, count = counts.get(key, (str(name), 0))
                    counts[key] = (first, count + (name == row.facts.get("stage")))
        stages = self._get_stages_by_name()
        commands = []
        for key, (name, count) in counts.items():
            stage = stages.get(key)
            status = None if stage else get_status(name)
            meaning = "stage" if stage else status if status != "open" else None
            commands.append(
                Command.create(
                    {
                        "source_name": name,
                        "change_count": count,
                        "meaning": meaning or "ignore",
                        "stage_id": stage.id if stage else False,
                    }
                )
            )
        return commands

    def _get_stages_by_name(self):
        """Return {name in lower case: stage}, in all languages, the first one first."""
        stages = self.env["crm.pipeline.stage"].search([]).stage_id
        return {
            stage.with_context(lang=lang).name.strip().lower(): stage
            for lang, _label in self.env["res.lang"].get_installed()
            for stage in reversed(stages)
        }

    def _update_preview(self):
        reading = self._read()
        moments = [vals["date"] for vals in reading.changes + reading.activities]
        problems = reading.problems[:MAX_NAMED]
        if len(reading.problems) > MAX_NAMED:
            problems.append(
                self.env._("… and %s more", len(reading.problems) - MAX_NAMED)
            )
        self.write(
            {
                "state": "preview",
                "row_count": reading.row_count,
                "lead_count": len(reading.get_lead_ids()),
                "change_count": len(reading.changes),
                "activity_count": len(reading.activities),
                "first_date": min(moments, default=False),
                "last_date": max(moments, default=False),
                "problems": "\n".join(problems),
                "has_fractions": reading.has_fractions,
            }
        )
