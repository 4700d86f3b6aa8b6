from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .import_words import get_bare_day, get_noon, get_status

DATES = ("date_start", "date_closed")
TEMPLATES = "/sales_pipeline_plus/static/import"


class CrmLead(models.Model):
    """Opportunities from a spreadsheet or another CRM, as a file has them.

    A file has a status: what it means for stage, probability and archiving is found
    here, before the opportunities are created.
    """

    _inherit = "crm.lead"

    import_status = fields.Selection(
        [("open", "Open"), ("won", "Won"), ("lost", "Lost")],
        compute="_compute_import_status",
        inverse="_inverse_import_status",
        help="For a file: open, won or lost. A won opportunity goes to the won stage "
        "of its pipeline, a lost one keeps its stage and is archived.",
    )

    @api.depends("won_status")
    def _compute_import_status(self):
        for lead in self:
            closed = lead.won_status in ("won", "lost")
            lead.import_status = lead.won_status if closed else "open"

    def _inverse_import_status(self):
        for lead in self:
            vals = lead._get_status_values(
                lead.import_status,
                {
                    "name": lead.name,
                    "pipeline_id": lead.pipeline_id.id,
                    "stage_id": lead.stage_id.id,
                },
            )
            if vals and lead._differs_from(vals):
                lead.write(vals)

    def _differs_from(self, vals):
        self.ensure_one()
        return any(
            self._fields[name].convert_to_write(self[name], self) != value
            for name, value in vals.items()
        )

    @api.model
    def get_import_templates(self):
        """Offer our own file, in the language of the user."""
        lang = "fr" if (self.env.user.lang or "").startswith("fr") else "en"
        return [
            {
                "label": self.env._("Import Template for a History of Opportunities"),
                "template": f"{TEMPLATES}/opportunities_{lang}.xlsx",
            },
            *super().get_import_templates(),
        ]

    # ------------------------------------------------------------
    # Reading the cells
    # ------------------------------------------------------------

    @api.model
    def load(self, fields, data):
        """Understand a status, days without a time and e-mails of users.

        What is not in Odoo yet is named for all rows at once.
        """
        fields, data = self._read_statuses(list(fields), [list(row) for row in data])
        self._read_days(fields, data)
        known, missing = self._find_references(fields, data)
        savepoint = self.env.cr.savepoint()
        known.update(self._create_missing(missing))
        unreasoned = self._find_unreasoned(fields, data)
        leads = self._without_creation().with_context(import_references=known)
        result = super(CrmLead, leads).load(fields, data)
        if missing or unreasoned:
            # The import screen shows the last message that belongs to no row.
            missing = self._prepare_missing(missing)
            message = {
                "type": "error",
                "message": self._describe_missing(missing, unreasoned),
                "missing": missing,
            }
            result["messages"].append(message)
            result["ids"] = False
        is_refused = any(each["type"] == "error" for each in result["messages"])
        savepoint.close(rollback=is_refused)
        return result

    @api.model
    def _read_statuses(self, fields, data):
        """Put words for a status in a column of its own.

        Many a file has “Lost” as a stage.
        """
        if "stage_id" in fields:
            column = fields.index("stage_id")
            words = {row[column] for row in data if get_status(row[column])}
            words = {
                word
                for word in words
                if get_status(word) != "open"
                and not self.env["crm.stage"].name_search(word, operator="=", limit=1)
            }
            if words:
                if "import_status" not in fields:
                    fields.append("import_status")
                    for row in data:
                        row.append("")
                status = fields.index("import_status")
                for row in data:
                    if row[column] in words:
                        row[status] = row[status] or get_status(row[column])
                        row[column] = ""
        if "import_status" in fields:
            column = fields.index("import_status")
            for row in data:
                row[column] = get_status(row[column]) or row[column]
        return fields, data

    @api.model
    def _read_days(self, names, data):
        """Take a day without a time as noon of that day in the company's zone."""
        columns = [column for column, name in enumerate(names) if name in DATES]
        if not columns:
            return
        zone = ZoneInfo(self.env.company._get_time_zone().zone)
        reader = ZoneInfo(self.env["ir.fields.converter"]._input_tz().zone)
        # What is created now has the time of the transaction.
        now = self.env.cr.now().replace(tzinfo=UTC)
        for row in data:
            for column in columns:
                if day := get_bare_day(row[column]):
                    noon = get_noon(day, zone, now).astimezone(reader)
                    row[column] = fields.Datetime.to_string(noon.replace(tzinfo=None))

    # ------------------------------------------------------------
    # Status
    # ------------------------------------------------------------

    def _load_records_create(self, vals_list):
        return super()._load_records_create(
            [self._complete_import(vals) for vals in vals_list]
        )

    def _load_records_write(self, values):
        if values.get("import_status"):
            known = {
                "name": self.name,
                "pipeline_id": self.pipeline_id.id,
                "stage_id": self.stage_id.id,
            }
            status = values["import_status"]
            values.update(self._get_status_values(status, {**known, **values}))
        values.pop("import_status", None)
        lines = values.get("product_line_ids") or ()
        if lines and all(command[0] == Command.CREATE for command in lines):
            # The same file once more is not the same products once more.
            values["product_line_ids"] = [Command.clear(), *lines]
        return super()._load_records_write(values)

    @api.model
    def _complete_import(self, vals):
        """Return the values of a new opportunity, with what its status means."""
        vals = dict(vals)
        status = vals.pop("import_status", None)
        if not status:
            return vals
        if not self.env.context.get("default_type"):
            vals.setdefault("type", "opportunity")
        if status == "won" and not vals.get("pipeline_id"):
            names = ("team_id", "user_id", "company_id")
            given = {name: vals[name] for name in names if vals.get(name)}
            vals["pipeline_id"] = self.new(
                {"type": "opportunity", **given}
            ).pipeline_id.id
        return {**vals, **self._get_status_values(status, vals)}

    @api.model
    def _get_status_values(self, status, vals):
        """Return what a status means for stage, probability and archiving.

        :param vals: name, pipeline and stage of the opportunity
        :raise ValidationError: if the stage contradicts the status
        """
        layout = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layout.get(vals.get("pipeline_id"))
        stage_id = vals.get("stage_id")
        is_won = bool(stage_id) and self.env["crm.stage"].browse(stage_id).is_won
        if status == "won":
            if is_won:
                return {"active": True, "probability": 100}
            won = (
                [line.stage_id for line in layout.lines if line.is_won]
                if layout
                else ()
            )
            if not won:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” is won, and its pipeline has no won stage. Give "
                        "its pipeline, or add a won stage to it.",
                        lead=vals.get("name"),
                    )
                )
            return {"active": True, "probability": 100, "stage_id": won[0]}
        if is_won:
            stage = self.env["crm.stage"].browse(stage_id)
            raise ValidationError(
                self.env._(
                    "“%(lead)s”: “%(stage)s” is a won stage, and its status says that "
                    "it is not won. Correct its stage or its status.",
                    lead=vals.get("name"),
                    stage=stage.name,
                )
            )
        return {"active": False, "probability": 0} if status == "lost" else {}
