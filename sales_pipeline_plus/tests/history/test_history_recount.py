import csv
import io
import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .test_history_import import CREATED, HistoryImportCase

STAGES = (
    "Contact made",
    "Needs analysed",
    "Technical study",
    "Offer sent",
    "Negotiation",
)
PROBABILITIES = dict(zip(STAGES, (10, 20, 30, 40, 50), strict=True))
PIPELINE = "Equipment and engineering"
DEALS = "External ID,Opportunity,Customer,Pipeline,Stage,Status,Expected Revenue,"
DEALS += "Start Date,Expected Closing,Closed Date,Lost Reason,Salesperson E-mail"
CHANGES = "Update ID,Deal ID,Deal title,Field,Old value,New value,Time,User"
IMPORTED_ON = date(2025, 11, 3)


@tagged("post_install", "-at_install")
class TestHistoryRecount(HistoryImportCase):
    """Won and lost deals of past years: all figures follow from the two files."""

    def test_east(self):
        self._check("Pacific/Auckland", 17)

    def test_west(self):
        self._check("America/Los_Angeles", 18)

    def _check(self, zone, seed):
        self.zone = ZoneInfo(zone)
        self.company.partner_id.tz = self.manager.tz = zone
        self.deals.sudo().unlink()
        for name in ("passage", "change"):
            self.env[f"crm.lead.{name}"].sudo().search([]).unlink()
        self.env.cr.execute("DELETE FROM crm_forecast_snapshot")
        chance = random.Random(seed)
        stories = {number: self._tell(chance, number) for number in range(1001, 1025)}
        deals = self._write([DEALS.split(","), *map(self._get_deal, stories.values())])
        result, _preview = self._import("deals.csv", deals, create_names=CREATED)
        self.assertFalse(result["messages"])
        self.deals = self.env["crm.lead"].browse(result["ids"])
        self.env.flush_all()
        self.env["crm.lead.passage"].flush_model()
        rows = [row for story in stories.values() for row in story["rows"]]
        chance.shuffle(rows)
        changes = self._write([CHANGES.split(","), *rows])
        for _time in range(2):
            wizard = self._bring_in("history.csv", changes, tz=zone)
            self.assertEqual(wizard.problems, "")
            self._check_stays(stories)
            self._check_slips(stories)
            self._check_snapshots(stories)
        self._check_figures(stories)

    def _tell(self, chance, number):
        """Make up what became of a deal, as a file tells it."""
        moment = datetime(2024, 1, 3, 9) + timedelta(minutes=chance.randrange(600000))
        story = {"number": number, "start": moment, "states": [], "rows": []}
        status = chance.choice(("won", "won", "lost", "lost", "open"))
        old = {"Stage": "", "Value": "", "Expected close date": ""}
        new = {
            "Stage": STAGES[0],
            "Value": chance.randrange(1, 90000),
            "Expected close date": moment.date() + timedelta(chance.randrange(90)),
        }
        changes = chance.randrange(9)
        for step in range(changes + 1):
            for name, value in new.items():
                if value != old[name]:
                    self._add_row(story, name, old[name], value, moment)
            old = {**old, **new}
            story["states"].append((moment, dict(old)))
            if step < changes:
                moment += timedelta(minutes=chance.randrange(60, 30000))
                name = chance.choice(list(old))
                new = {
                    "Stage": {name: chance.choice(STAGES)},
                    "Value": {name: chance.randrange(1, 90000)},
                    "Expected close date": {
                        name: moment.date() + timedelta(chance.randrange(90))
                    },
                }[name]
        story.update(old=old, status=status, end=None)
        if status != "open":
            moment += timedelta(minutes=chance.randrange(60, 30000))
            self._add_row(story, "Status", "open", status, moment)
            story["end"] = moment
        return story

    def _add_row(self, story, name, old, new, moment):
        number = f"{story['number']}-{len(story['rows'])}"
        title = f"Deal {story['number']}"
        row = [number, story["number"], title, name, old, new, moment, ""]
        story["rows"].append(row)

    def _get_deal(self, story):
        return [
            f"deal_{story['number']}",
            f"Deal {story['number']}",
            "Customer of a History",
            PIPELINE,
            "Won" if story["status"] == "won" else story["old"]["Stage"],
            story["status"].title(),
            story["old"]["Value"],
            story["start"],
            story["old"]["Expected close date"],
            story["end"] or "",
            "Competitor chosen" if story["status"] == "lost" else "",
            "claire.fontaine@tartempion.example.com",
        ]

    def _write(self, rows):
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        return file.getvalue().encode()

    # ------------------------------------------------------------
    # Recount
    # ------------------------------------------------------------

    def _to_utc(self, moment):
        moment = moment.replace(tzinfo=self.zone).astimezone(UTC)
        return moment.replace(tzinfo=None)

    def _get_stays(self, story):
        """Return (stage, start, end, outcome) of a story in UTC."""
        stays = []
        for moment, facts in story["states"]:
            if not stays or stays[-1][0] != facts["Stage"]:
                stays.append([facts["Stage"], self._to_utc(moment), None, "open"])
        for stay, following in zip(stays, stays[1:], strict=False):
            is_on = STAGES.index(following[0]) > STAGES.index(stay[0])
            stay[2:] = following[1], "forward" if is_on else "back"
        if story["end"]:
            stays[-1][2:] = self._to_utc(story["end"]), story["status"]
        return list(map(tuple, stays))

    def _check_stays(self, stories):
        found = defaultdict(list)
        passages = self.env["crm.lead.passage"].search(
            [("lead_id", "in", self.deals.ids), ("stage_id.is_won", "=", False)],
            order="date_in, id",
        )
        for stay in passages:
            self.assertTrue(stay.is_path_known)
            found[stay.lead_id.name].append(
                (stay.stage_id.name, stay.date_in, stay.date_out or None, stay.outcome)
            )
        for story in stories.values():
            expected = self._get_stays(story)
            if story["status"] == "open":
                # It was found there, and is there, when it came to Odoo.
                known = [stay[:2] for stay in found[f"Deal {story['number']}"]]
                self.assertEqual(known, [stay[:2] for stay in expected], story)
            else:
                self.assertEqual(found[f"Deal {story['number']}"], expected, story)

    def _check_slips(self, stories):
        for deal in self.deals:
            story = stories[int(deal.name.split()[1])]
            days = []
            for _moment, facts in story["states"]:
                day = facts["Expected close date"]
                if not days or days[-1] != day:
                    days.append(day)
            later = sum(b > a for a, b in zip(days, days[1:], strict=False))
            self.assertEqual(
                (deal.first_decision_date, deal.postponement_count),
                (days[0], later),
                story,
            )

    def _get_snapshots_of(self, story):
        monday = date(2024, 1, 1)
        end = story["end"] or datetime.combine(IMPORTED_ON, time.max)
        while monday < IMPORTED_ON:
            moment = datetime.combine(monday, time.min)
            if story["start"] <= moment < end:
                facts = [f for when, f in story["states"] if when <= moment][-1]
                chance = PROBABILITIES[facts["Stage"]]
                yield (
                    monday,
                    facts["Value"],
                    round(facts["Value"] * chance / 100, 2),
                    facts["Expected close date"],
                    facts["Stage"],
                )
            monday += timedelta(weeks=1)

    def _check_snapshots(self, stories):
        for deal in self.deals:
            story = stories[int(deal.name.split()[1])]
            found = [
                (s.date, s.amount, s.weighted_amount, s.date_deadline, s.stage_id.name)
                for s in self._get_snapshots(deal)
            ]
            self.assertEqual(found, list(self._get_snapshots_of(story)), story)

    def _check_figures(self, stories):
        """By month: conversion and days of each stage, won, forecast and won."""
        figures = self.env["crm.kpi"].with_user(self.manager)
        figures = figures.with_context(tz=self.manager.tz)
        reliability = self.env["crm.forecast.reliability"].with_user(self.manager)
        reliability = reliability.with_context(tz=self.manager.tz)
        names = {self.stages[name].id: name for name in STAGES}
        closed = [story for story in stories.values() if story["end"]]
        for month in range(3, 22, 2):
            start = date(2024 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
            end = (start + timedelta(31)).replace(day=1)
            if end >= IMPORTED_ON.replace(day=1):
                break
            days, results = defaultdict(list), defaultdict(list)
            for story in stories.values():
                for stage, begun, ended, outcome in self._get_stays(story):
                    if not ended:
                        continue
                    day = ended.replace(tzinfo=UTC).astimezone(self.zone).date()
                    if start <= day < end:
                        seconds = (ended - begun).total_seconds()
                        days[stage].append(seconds / 86400)
                        results[stage].append(outcome in ("forward", "won"))
            period = {"start": str(start), "end": str(end - timedelta(1))}
            filters = {"period": period, "pipeline_ids": self.machines.ids}
            answer = figures.get_figures(
                filters, ["stage_conversion", "stage_days"], "stage"
            )
            for index, key in enumerate(answer["keys"]):
                stage = names.get(key["id"])
                if not stage:
                    continue
                conversion, length = (
                    answer["values"][code][index]["value"]
                    for code in ("stage_conversion", "stage_days")
                )
                if not results[stage]:
                    self.assertIsNone(conversion)
                    continue
                share = 100 * sum(results[stage]) / len(results[stage])
                self.assertAlmostEqual(conversion, share, 6)
                # Each stay has its days with one decimal.
                self.assertAlmostEqual(length, median(days[stage]), delta=0.051)
            won = [
                story
                for story in closed
                if story["status"] == "won" and start <= story["end"].date() < end
            ]
            answer = figures.get_figures(filters, ["won_amount", "won_count"])
            self.assertEqual(answer["values"]["won_count"][0]["value"], len(won))
            amount = sum(story["old"]["Value"] for story in won)
            self.assertEqual(answer["values"]["won_amount"][0]["value"], amount)
            week = start - timedelta(weeks=4)
            week -= timedelta(week.weekday())
            seen = [
                row
                for story in stories.values()
                for row in self._get_snapshots_of(story)
                if row[0] == week and start <= row[3] < end
            ]
            [(forecast, actual)] = reliability._read_group(
                [("horizon", "=", "04"), ("period", "=", start)],
                [],
                ["weighted_forecast:sum", "actual:sum"],
            )
            self.assertAlmostEqual(forecast or 0, sum(row[2] for row in seen), 2)
            if forecast:
                self.assertEqual(actual, amount)
