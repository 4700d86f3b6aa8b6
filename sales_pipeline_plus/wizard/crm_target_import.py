import csv
import math
from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..models.history.file_text import guess_encoding, guess_separator
from ..models.history.file_values import guess_decimal, read_number
from ..models.target.target_table import (
    LANGUAGES,
    TEAM_HEADERS,
    get_cell_name,
    read_spans,
)
from ..tools.arguments import check_records

MOST_PROBLEMS = 50


class CrmTargetImport(models.TransientModel):
    """Import a table of targets: a row for each owner, a column for each period.

    The first column names a salesperson (by name, login or e-mail), a sales team or the
    company; a column headed "Team" may say for which team a salesperson's targets
    count. Empty cells set nothing. A preview shows what comes in, and what is left out
    by row and column.
    """

    _name = "crm.target.import"
    _inherit = ["crm.dialog.mixin"]
    _description = "Import Targets"

    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    figure = fields.Selection(
        lambda self: self.env["crm.target"]._get_figures(),
        required=True,
        default="won_amount",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    line_ids = fields.One2many("crm.target.import.line", "import_id", string="Targets")
    problems = fields.Text("Left Out", readonly=True)
    is_read = fields.Boolean(readonly=True)
    total = fields.Monetary(compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    changed_count = fields.Integer("Changed", compute="_compute_counts")

    @api.depends("figure", "company_id")
    def _compute_currency_id(self):
        for each in self:
            target = self.env["crm.target"].new(
                {"figure": each.figure, "company_id": each.company_id.id}
            )
            each.currency_id = target.currency_id

    @api.depends("line_ids.value", "line_ids.existing_id")
    def _compute_counts(self):
        for each in self:
            each.total = sum(each.line_ids.mapped("value"))
            each.new_count = len(
                each.line_ids.filtered(lambda one: not one.existing_id)
            )
            each.changed_count = len(
                each.line_ids.filtered(
                    lambda one: one.existing_id and one.existing_value != one.value
                )
            )

    def action_preview(self):
        """Read the file and show what comes in.

        :raise UserError: if it cannot be read, or has no periods
        """
        check_records(self)
        self.ensure_one()
        headers, rows = self._get_rows()
        targets, without_team, problems = self._read_table(headers, rows)
        lines = self.line_ids._prepare_lines(
            self.figure, self.company_id, targets, without_team
        )
        if len(problems) > MOST_PROBLEMS:
            more = len(problems) - MOST_PROBLEMS
            problems = [*problems[:MOST_PROBLEMS], self.env._("And %s more.", more)]
        self.write(
            {
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "problems": "\n".join(problems),
                "is_read": True,
            }
        )
        return self._get_action()

    def action_back(self):
        """Choose another file."""
        check_records(self)
        self.ensure_one()
        self.write(
            {
                "is_read": False,
                "file": False,
                "problems": False,
                "line_ids": [Command.clear()],
            }
        )
        return self._get_action()

    def action_import(self):
        """Set the targets as the preview shows them, and open them.

        :raise UserError: if there are none
        """
        check_records(self)
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There is no target to import."))
        targets = self.line_ids._set_targets(self.figure, self.company_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Targets"),
            "res_model": "crm.target",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", targets.ids)],
        }

    def _get_action(self):
        return self._get_dialog_action(self.env._("Import targets"))

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _get_rows(self):
        """Return the first row of the file and the others.

        :raise UserError: if it cannot be read
        """
        if not self.file:
            raise UserError(self.env._("Choose the file to import."))
        content = b64decode(self.with_context(bin_size=False).file)
        importer = self.env["base_import.import"].create(
            {
                "res_model": "crm.target",
                "file": content,
                "file_name": self.file_name or "targets.csv",
                "file_type": "",
            }
        )
        encoding = guess_encoding(content)
        options = {
            "quoting": '"',
            "encoding": encoding,
            "separator": guess_separator(content.decode(encoding, "replace")),
        }
        try:
            _length, rows = importer.with_context(import_cells=True)._read_file(options)
        except (ImportValidationError, ValueError, AttributeError, csv.Error) as error:
            raise UserError(
                self.env._(
                    "“%(file)s” cannot be read: %(error)s Save it as CSV or XLSX.",
                    file=self.file_name or "",
                    error=getattr(error, "message", None) or str(error),
                )
            ) from error
        headers, *rows = rows or [[]]
        return headers, rows

    def _read_table(self, headers, rows):
        """Return the targets as (team id, user id, span, value), the ids of the
        salespeople whose team is not named, and the problems."""
        spans = read_spans(
            headers,
            (*LANGUAGES, (self.env.lang or "en_US").partition("_")[0]),
            int(self.company_id.fiscalyear_last_month or 12),
        )
        if not spans:
            raise UserError(
                self.env._(
                    "“%s” has no periods: its first row must name them, such as Q1 "
                    "2026, Jan 2026 or 2026.",
                    self.file_name or "",
                )
            )
        problems = self._find_strange_columns(headers, spans)
        team_column = self._find_team_column(headers)
        owners = self._find_owners(
            {self._get_text(row, 0) for row in rows},
            {self._get_text(row, team_column) for row in rows},
        )
        decimal = guess_decimal(
            str(row[column]) for row in rows for column in spans if column < len(row)
        )
        targets, without_team = {}, set()
        for number, row in enumerate(rows, start=1):
            name = self._get_text(row, 0)
            owner = owners(name, self._get_text(row, team_column))
            if isinstance(owner, str):
                problems.append(
                    self.env._(
                        "Row %(row)s: %(problem)s", row=number + 1, problem=owner
                    )
                )
                continue
            if not self._get_text(row, team_column):
                without_team.add(owner[1])
            for column, span in spans.items():
                text = self._get_text(row, column)
                if not text:
                    continue
                key = (*owner, span)
                value, problem = self._read_value(row[column], decimal)
                if not problem and key in targets:
                    problem = self.env._("there is one already in the file")
                if problem:
                    problems.append(
                        self.env._(
                            "Cell %(cell)s (%(owner)s, %(period)s): %(problem)s",
                            cell=get_cell_name(number, column),
                            owner=name,
                            period=headers[column],
                            problem=problem,
                        )
                    )
                else:
                    targets[key] = value
        found = [(*key, value) for key, value in targets.items()]
        return found, without_team - {False}, problems

    @api.model
    def _read_value(self, value, decimal):
        """Return a number, or 0 and what is wrong with it."""
        try:
            number = read_number(value, decimal)
        except ValueError:
            return 0, self.env._("“%s” is no number", value)
        if not math.isfinite(number):
            return 0, self.env._("“%s” is no number", value)
        if number < 0:
            return 0, self.env._("a target cannot be below zero")
        return number, None

    @api.model
    def _get_text(self, row, column):
        if column is None or column >= len(row):
            return ""
        return str(row[column]).strip()

    def _find_team_column(self, headers):
        label = self.env["crm.target"]._fields["team_id"]._description_string(self.env)
        names = TEAM_HEADERS | {label.lower()}
        return next(
            (
                index
                for index, header in enumerate(headers)
                if index and str(header).strip().lower() in names
            ),
            None,
        )

    def _find_strange_columns(self, headers, spans):
        """Return a line for each column that is no period, and for periods twice."""
        problems, seen = [], {}
        known = {0, self._find_team_column(headers)}
        for index, header in enumerate(headers):
            cell, text = get_cell_name(0, index), str(header).strip()
            if index in spans:
                first = seen.setdefault(spans[index], cell)
                if first != cell:
                    problems.append(
                        self.env._(
                            "Cell %(cell)s: “%(header)s” is the same period as "
                            "%(first)s",
                            cell=cell,
                            header=text,
                            first=first,
                        )
                    )
            elif text and index not in known:
                problems.append(
                    self.env._(
                        "Cell %(cell)s: “%(header)s” is no period, its column is left "
                        "out",
                        cell=cell,
                        header=text,
                    )
                )
        return problems

    def _get_teams_by_name(self):
        """Return {name in lower case: ids of the company's teams}, in all languages."""
        teams = self.env["crm.team"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        found = {}
        for lang, _label in self.env["res.lang"].get_installed():
            for team in teams.with_context(lang=lang):
                found.setdefault(team.name.strip().lower(), set()).add(team.id)
        return found

    def _find_owners(self, names, team_names):
        """Return a function from a name and a team's name to (team id, user id), or to
        a text that says what is wrong."""
        company = self.company_id
        teams = self._get_teams_by_name()
        users = self.env["crm.lead"]._match_users(names)
        found = self.env["res.users"].browse(
            {one for ids in users.values() for one in ids}
        )
        known = set(found.filtered(lambda user: company in user.company_ids).ids)
        current = found._get_teams_for_targets(company)

        def find(name, team_name):
            key = name.lower()
            if not name:
                return self.env._("nobody is named in the first column")
            if key == company.name.strip().lower():
                return False, False
            ids = [user for user in users.get(name, ()) if user in known]
            if len(ids) == 1:
                team = current.get(ids[0], False)
                if team_name:
                    team_ids = teams.get(team_name.lower(), ())
                    if len(team_ids) != 1:
                        return self.env._("there is no sales team “%s”", team_name)
                    [team] = team_ids
                return team, ids[0]
            if len(ids) > 1:
                return self.env._(
                    "several users are named “%s”: use the login or e-mail", name
                )
            team_ids = teams.get(key, ())
            if len(team_ids) == 1:
                return next(iter(team_ids)), False
            if team_ids:
                return self.env._(
                    "several sales teams are named “%s”: give them names of their own",
                    name,
                )
            return self.env._(
                "“%(name)s” is no salesperson, sales team or the company %(company)s",
                name=name,
                company=company.name,
            )

        return find


class CrmTargetImportLine(models.TransientModel):
    """A target of the file."""

    _name = "crm.target.import.line"
    _inherit = ["crm.target.line.mixin"]
    _description = "Target of a File"

    import_id = fields.Many2one("crm.target.import", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id")
    currency_id = fields.Many2one(related="import_id.currency_id")
