from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import models

from ..models.history.file_values import (
    guess_decimal,
    has_fractions,
    read_day,
    read_moment,
    read_number,
    read_percentage,
)
from ..models.history.history_file import read_rows
from ..models.history.import_words import get_status


class Reading(NamedTuple):
    """What a file says, ready to be recorded; ``problems`` are lines of text."""

    row_count: int
    changes: list
    activities: list
    problems: list
    has_fractions: bool

    def get_lead_ids(self):
        return sorted({vals["lead_id"] for vals in self.changes + self.activities})


class Writing(NamedTuple):
    """How a file writes: {stage in lower case: its line}, probabilities, amounts."""

    lines: dict
    has_fractions: bool
    decimal: str | None


class CrmHistoryImport(models.TransientModel):
    """Understands the rows of a file: opportunities, people, stages, dates, amounts."""

    _inherit = "crm.history.import"

    def _read(self):
        """Return the :class:`Reading` of the file; bad rows are left out and named."""
        headers, data = self._get_rows()
        if not self.date_order:
            self.date_order = self._find_date_order(headers, data)
        rows = list(read_rows(headers, data))
        problems, read, activities = [], [], []
        leads = self._find_leads(rows)
        users = self.env["crm.lead"]._match_users({row.user for row in rows})
        users = {
            name: self.env["res.users"].browse(ids[0]) if len(ids) == 1 else None
            for name, ids in users.items()
        }
        writing = self._get_writing(rows)
        unknown_deals, unknown_users = {}, {}
        for row in rows:
            lead = leads.get((row.deal, row.deal_name))
            if not lead:
                name = row.deal or row.deal_name
                unknown_deals[name] = unknown_deals.get(name, 0) + 1
                continue
            user = users.get(row.user)
            if row.user and not user:
                unknown_users[row.user] = None
            try:
                moment = self._read_moment(row, lead.company_id or self.env.company)
                if row.activity:
                    vals = self._prepare_activity(row, lead, moment, user)
                    activities.append((row, vals))
                    continue
                vals = self._prepare_change(row, row.facts, lead, moment, user, writing)
            except ValueError as error:
                problems.append(self._describe_row(row, error))
                continue
            read.append((row, lead, moment, vals))
        read.sort(key=lambda each: each[2])
        changes = self._prepare_starts(read, writing, problems)
        changes += self._join_changes(
            [(row, vals) for row, _lead, _moment, vals in read if vals]
        )
        if unknown_users:
            problems.insert(
                0,
                self.env._(
                    "People who are no users; who made the change stays empty: %s",
                    ", ".join(list(unknown_users)[:20]),
                ),
            )
        if unknown_deals:
            problems.insert(
                0,
                self.env._(
                    "Opportunities that are not in Odoo, or not yours to change "
                    "(rows: %(count)s): %(names)s. Import them first, with their "
                    "number as External ID.",
                    count=sum(unknown_deals.values()),
                    names=", ".join(list(unknown_deals)[:20]),
                ),
            )
        return Reading(
            len(data),
            changes,
            self._distinguish_activities(activities),
            problems,
            writing.has_fractions,
        )

    def _get_writing(self, rows):
        """Find out from all rows what one alone does not tell."""
        facts = [facts for row in rows for facts in (row.facts, row.old_facts)]
        return Writing(
            {line.source_name.lower(): line for line in self.line_ids},
            has_fractions(each.get("probability", "") for each in facts),
            guess_decimal(each.get("amount", "") for each in facts),
        )

    def _describe_row(self, row, error):
        return self.env._("Row %(number)s: %(error)s", number=row.number, error=error)

    def _read_moment(self, row, company):
        """Return when a row happened; a day without a time is noon of the company's."""
        text = row.moment
        if not text:
            raise ValueError(self.env._("it has no date."))
        try:
            moment, _has_time = read_moment(
                text,
                self.date_order,
                self._get_zone(),
                ZoneInfo(company._get_time_zone().zone),
            )
        except ValueError:
            raise ValueError(
                self.env._("“%s” is no date as they are written here.", text)
            ) from None
        if moment > self.env.cr.now():
            raise ValueError(self.env._("“%s” is in the future.", text))
        return moment

    def _get_external_id(self, row):
        # The same row has the same number, wherever it stands in the file.
        return row.row_id or self._get_digest(row)

    def _get_digest(self, row):
        facts = sorted((name, str(value)) for name, value in row.facts.items())
        text = repr((str(row.moment), facts, row.activity, row.activity and row.user))
        return sha256(text.encode()).hexdigest()[:20]

    def _prepare_activity(self, row, lead, moment, user):
        return {
            **row.activity,
            "lead_id": lead.id,
            "external_id": self._get_external_id(row),
            "date": moment,
            "user": user or self.env["res.users"],
            "user_name": row.user,
        }

    def _distinguish_activities(self, read):
        """Return the values of activities, each with a number of its own.

        Where a number stands for several, what a row says is added to it.

        :param read: (row, values)
        """
        groups = {}
        for row, vals in read:
            key = vals["lead_id"], vals["external_id"]
            groups.setdefault(key, {})[self._get_digest(row)] = vals
        return [
            {**vals, "external_id": f"{number}-{digest}"} if len(group) > 1 else vals
            for (_lead_id, number), group in groups.items()
            for digest, vals in group.items()
        ]

    def _join_changes(self, read):
        """Return the values of changes, each with a number of its own.

        Fields that changed at the same time under one number are one change. Where a
        number stands for several, what a row says is added to it.

        :param read: (row, values)
        """
        groups = {}
        for row, vals in read:
            key = vals["lead_id"], vals["external_id"]
            groups.setdefault(key, []).append((row, vals))
        changes = []
        for group in groups.values():
            joined = {}
            for _row, vals in group:
                joined = {**vals, **joined}
            if all(vals.items() <= joined.items() for _row, vals in group):
                changes.append(joined)
                continue
            for row, vals in group:
                number = f"{row.row_id}-{self._get_digest(row)}"
                changes.append({**vals, "external_id": number})
        return changes

    def _prepare_change(self, row, facts, lead, moment, user, writing):
        """Return the values of a change, or None if nothing is left of it.

        :raise ValueError: saying what is wrong with an amount or a date
        """
        vals = {}
        if stage := facts.get("stage"):
            vals.update(self._read_stage(lead, writing.lines.get(str(stage).lower())))
        if (status := get_status(facts.get("status"))) in ("won", "lost", "open"):
            vals["status"] = status
            if status == "won":
                vals["stage_id"] = self._get_won_stage_id(lead)
        if "amount" in facts:
            try:
                vals["amount"] = read_number(facts["amount"], writing.decimal)
            except ValueError:
                raise ValueError(
                    self.env._("“%s” is no number.", facts["amount"])
                ) from None
        if "probability" in facts:
            try:
                vals["probability"] = read_percentage(
                    facts["probability"], writing.has_fractions
                )
            except ValueError:
                raise ValueError(
                    self.env._("“%s” is no percentage.", facts["probability"])
                ) from None
        if deadline := facts.get("deadline"):
            vals["date_deadline"] = self._read_day(deadline)
        if not vals:
            return None
        return {
            **vals,
            "lead_id": lead.id,
            "external_id": self._get_external_id(row),
            "date": moment,
            "user_id": user.id if user else None,
        }

    def _prepare_starts(self, read, writing, problems):
        """Return the changes that say what was true at the deals' starts.

        The first change of a field names the value before, which it had since the
        start that was imported with the deal.

        :param read: (row, lead, moment, values), in the order of the moments
        :param problems: takes what is wrong with a value before
        """
        started, changes = set(), []
        for row, lead, moment, _vals in read:
            new = {name for name in row.facts if (lead.id, name) not in started}
            started.update((lead.id, name) for name in row.facts)
            facts = {
                n: v for n, v in row.old_facts.items() if n in new and n != "status"
            }
            start = lead.date_start
            if not facts or not start or start >= min(moment, lead.create_date):
                continue
            try:
                vals = self._prepare_change(row, facts, lead, start, None, writing)
            except ValueError as error:
                problems.append(self._describe_row(row, error))
                continue
            if vals:
                number = "start-" + "-".join(sorted(facts))
                changes.append({**vals, "external_id": number})
        return changes

    def _read_stage(self, lead, line):
        """Return what the name of a stage means for a deal."""
        if not line or line.meaning == "ignore":
            return {}
        if line.meaning == "stage":
            return {"stage_id": line.stage_id.id} if line.stage_id else {}
        if line.meaning == "won":
            return {"status": "won", "stage_id": self._get_won_stage_id(lead)}
        return {"status": "lost"}

    def _get_won_stage_id(self, lead):
        """Return the won stage of a deal, else the first one of its pipeline."""
        if lead.stage_id.is_won:
            return lead.stage_id.id
        layout = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layout.get(lead.pipeline_id.id)
        return next(
            (line.stage_id for line in (layout.lines if layout else ()) if line.is_won),
            None,
        )

    def _read_day(self, text):
        try:
            return read_day(text, self.date_order, self._get_zone())
        except ValueError:
            raise ValueError(
                self.env._("“%s” is no date as they are written here.", text)
            ) from None
