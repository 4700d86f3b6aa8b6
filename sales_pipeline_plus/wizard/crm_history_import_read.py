from hashlib import sha256
from typing import NamedTuple

from odoo import models
from odoo.tools import split_every

from ..models.history.history_file import read_moment, read_number, read_rows
from ..models.history.import_words import get_status

# What the number of a deal is called in the files that brought the deals in
PREFIXES = ("", "deal_", "opportunity_")
BATCH_SIZE = 1000


class Reading(NamedTuple):
    """What a file says, ready to be recorded; ``problems`` are lines of text."""

    row_count: int
    changes: list
    activities: list
    problems: list

    def get_lead_ids(self):
        return sorted({vals["lead_id"] for vals in self.changes + self.activities})


class CrmHistoryImport(models.TransientModel):
    """Understands the rows of a file: opportunities, people, stages, dates, amounts."""

    _inherit = "crm.history.import"

    def _read(self):
        """Return the :class:`Reading` of the file; bad rows are left out and named."""
        headers, data = self._get_rows()
        rows = list(read_rows(headers, data))
        problems, changes, activities = [], [], []
        leads = self._find_leads(rows)
        users = self.env["crm.lead"]._match_users({row.user for row in rows})
        users = {
            name: self.env["res.users"].browse(ids[0]) if len(ids) == 1 else None
            for name, ids in users.items()
        }
        meanings = {line.source_name.lower(): line for line in self.line_ids}
        unknown_deals, unknown_users, started = {}, {}, set()
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
                moment, _has_time = self._read_moment(row)
                if row.activity:
                    activities.append(self._prepare_activity(row, lead, moment, user))
                    continue
                vals = self._prepare_change(
                    row, row.facts, lead, moment, user, meanings
                )
            except ValueError as error:
                problems.append(
                    self.env._(
                        "Row %(number)s: %(error)s", number=row.number, error=error
                    )
                )
                continue
            before = self._prepare_start(row, lead, moment, meanings, started)
            changes += [values for values in (before, vals) if values]
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
                    "(%(count)s rows): %(names)s. Import them first, with their number "
                    "as External ID.",
                    count=sum(unknown_deals.values()),
                    names=", ".join(list(unknown_deals)[:20]),
                ),
            )
        return Reading(len(data), changes, activities, problems)

    def _read_moment(self, row):
        text = row.moment
        if not text:
            raise ValueError(self.env._("it has no date."))
        try:
            moment = read_moment(text, self.date_order, self._get_zone())
        except ValueError:
            raise ValueError(
                self.env._("“%s” is no date as they are written here.", text)
            ) from None
        if moment[0] > self.env.cr.now():
            raise ValueError(self.env._("“%s” is in the future.", text))
        return moment

    def _find_leads(self, rows):
        """Return {(number, name): lead} for those that the user may change.

        By the number that they were imported with, else by a name that only one has.
        """
        found = {}
        deals = {(row.deal, row.deal_name) for row in rows}
        numbers = {number for number, _name in deals if number}
        by_number = {}
        data = self.env["ir.model.data"].sudo()
        for batch in split_every(BATCH_SIZE, sorted(numbers), list):
            wanted = {f"{prefix}{n}": n for n in batch for prefix in PREFIXES}
            for record in data.search_fetch(
                [("model", "=", "crm.lead"), ("name", "in", list(wanted))],
                ["name", "res_id", "module"],
                order="id",
            ):
                by_number.setdefault(wanted[record.name], record.res_id)
        names = {name for number, name in deals if not number and name}
        leads = self.env["crm.lead"].with_context(active_test=False)
        by_name = leads.search_fetch(
            [("name", "in", list(names)), ("type", "=", "opportunity")], ["name"]
        ).grouped("name")
        for number, name in deals:
            if number in by_number:
                found[number, name] = leads.browse(by_number[number])
            elif not number and len(by_name.get(name, ())) == 1:
                found[number, name] = by_name[name]
        allowed = leads.union(*found.values()) if found else leads
        allowed = allowed.exists()._filtered_access("write")
        allowed = set(allowed.filtered(lambda lead: lead.type == "opportunity")._ids)
        return {key: lead for key, lead in found.items() if lead.id in allowed}

    def _get_external_id(self, row):
        if row.row_id:
            return row.row_id
        # The same row has the same number, wherever it stands in the file.
        text = repr((str(row.moment), sorted(row.facts.items()), row.activity))
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

    def _prepare_change(self, row, facts, lead, moment, user, meanings):
        """Return the values of a change, or None if nothing is left of it.

        :raise ValueError: saying what is wrong with an amount or a date
        """
        vals = {}
        if stage := facts.get("stage"):
            vals.update(self._read_stage(lead, meanings.get(str(stage).lower())))
        if (status := get_status(facts.get("status"))) in ("won", "lost", "open"):
            vals["status"] = status
            if status == "won":
                vals["stage_id"] = self._get_won_stage_id(lead)
        for name, target in (("amount", "amount"), ("probability", "probability")):
            if name in facts:
                try:
                    vals[target] = read_number(facts[name])
                except ValueError:
                    raise ValueError(
                        self.env._("“%s” is no number.", facts[name])
                    ) from None
        if "probability" in vals and not 0 <= vals["probability"] <= 100:
            raise ValueError(self.env._("“%s” is no percentage.", facts["probability"]))
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

    def _prepare_start(self, row, lead, moment, meanings, started):
        """Return the change that says what was true at a deal's start, or None.

        The first change of a field names the value before, which it had since the
        start that was imported with the deal.

        :param started: {(lead, field)} that are known
        """
        new = {name for name in row.facts if (lead.id, name) not in started}
        started.update((lead.id, name) for name in row.facts)
        facts = {n: v for n, v in row.old_facts.items() if n in new and n != "status"}
        start = lead.date_start
        if not facts or not start or start >= min(moment, lead.create_date):
            return None
        vals = self._prepare_change(row, facts, lead, start, None, meanings)
        if vals:
            vals["external_id"] = "start-" + "-".join(sorted(facts))
        return vals

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
            moment, _has_time = read_moment(text, self.date_order, self._get_zone())
        except ValueError:
            raise ValueError(
                self.env._("“%s” is no date as they are written here.", text)
            ) from None
        return moment.date()
