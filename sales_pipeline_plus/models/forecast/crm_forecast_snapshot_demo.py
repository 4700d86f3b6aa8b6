"""A year of history for the demo data: closed opportunities and weekly snapshots.

Made relative to today and always the same for the same day.
"""

from collections import Counter
from datetime import datetime, time, timedelta
from random import Random
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

WEEKS = 56


class History(NamedTuple):
    """How the opportunities of a pipeline went.

    ``chances``: of being won, stage by stage, as they really are; ``days``: least and
    most days in a stage; ``amounts``: least and most, in thousands.
    """

    pipeline: str
    team: str
    users: tuple
    count: int
    chances: tuple
    days: tuple
    amounts: tuple
    names: tuple
    uses: tuple


HISTORIES = (
    History(
        "pipeline_equipment",
        "team_equipment",
        ("base.user_admin", "user_claire", "user_thomas"),
        110,
        (0.18, 0.28, 0.42, 0.56, 0.74),
        (12, 48),
        (90, 260),
        (
            "Milling centre",
            "5-axis centre",
            "Lathe",
            "Grinder",
            "Robot cell",
            "Turning line",
        ),
        (
            "pump bodies",
            "gear shafts",
            "mould inserts",
            "valve seats",
            "watch cases",
            "rail parts",
            "hydraulic blocks",
        ),
    ),
    History(
        "pipeline_spare",
        "team_spare",
        ("base.user_admin", "base.user_demo", "user_nadia"),
        140,
        (0.3, 0.46, 0.66),
        (4, 17),
        (2, 32),
        ("Inserts", "Cutting oil", "Bearings", "Spindle", "Collets", "Filters"),
        (
            "the spring season",
            "the second shift",
            "four lathes",
            "the overhaul",
            "the new line",
            "the milling shop",
            "a year",
        ),
    ),
)
# What a salesperson adds to the stage's probability when he gives his own
OPTIMISM = {"user_thomas": 15, "user_claire": -10, "base.user_demo": 10}


class CrmForecastSnapshot(models.Model):
    _inherit = "crm.forecast.snapshot"

    @api.model
    def _make_demo_history(self):
        """Create closed opportunities of the past year and all weekly snapshots."""
        random = Random(1950)
        leads = self.env["crm.lead"].with_context(active_test=False)
        known = leads.search([("type", "=", "opportunity")])
        for history in HISTORIES:
            pipeline = self._get_demo_record(history.pipeline)
            partners = known.grouped("pipeline_id")[pipeline].partner_id.sorted("id")
            self._make_demo_deals(history, pipeline, partners, random)
        self.env["crm.lead.passage"].flush_model()
        pipelines = [self._get_demo_record(history.pipeline) for history in HISTORIES]
        vals_list = []
        for lead in leads.search(
            [("pipeline_id", "in", [pipeline.id for pipeline in pipelines])], order="id"
        ):
            vals_list += self._prepare_demo_snapshots(lead, random)
        self.create(vals_list)

    @api.model
    def _get_demo_record(self, name):
        return self.env.ref(name if "." in name else f"sales_pipeline_plus.{name}")

    @api.model
    def _make_demo_deals(self, history, pipeline, partners, random):
        """Create closed opportunities of one pipeline with their stays in stages."""
        lines = pipeline.pipeline_stage_ids.sorted()
        users = [self._get_demo_record(name).id for name in history.users]
        reasons = [
            self._get_demo_record(f"lost_reason_{name}").id
            for name in ("competitor", "postponed", "budget")
        ]
        drawn = [self._get_demo_way(history, random) for _ in range(history.count)]
        totals = Counter(is_won for is_won, _stays in drawn)
        seen = Counter()
        ways, vals_list = [], []
        for is_won, stays in drawn:
            # Won and lost ones are spread evenly over the year.
            seen[is_won] += 1
            ago = 3 + 382 * (seen[is_won] - random.random()) / totals[is_won]
            closed = fields.Datetime.now() - timedelta(days=ago)
            entered = closed - timedelta(days=sum(stays))
            name = f"{random.choice(history.names)} for {random.choice(history.uses)}"
            reason_id = random.choice(reasons)
            lost = {"active": False, "probability": 0, "lost_reason_id": reason_id}
            vals_list.append(
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": random.choice(partners).id,
                    "user_id": random.choice(users),
                    "team_id": self._get_demo_record(history.team).id,
                    "pipeline_id": pipeline.id,
                    "stage_id": lines[len(stays) - (not is_won)].stage_id.id,
                    "expected_revenue": 100
                    * round(10 * random.uniform(*history.amounts)),
                    "date_closed": closed,
                    "date_open": entered,
                    "date_deadline": closed.date()
                    + timedelta(days=random.randint(-6, 9)),
                    "date_last_stage_update": closed
                    if is_won
                    else closed - timedelta(days=stays[-1]),
                    **({} if is_won else lost),
                }
            )
            ways.append((entered, is_won, stays))
        leads = self.env["crm.lead"].create(vals_list)
        # Uninstalling takes what has an identifier along.
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"sales_pipeline_plus.crm_lead_{history.pipeline}_{rank}",
                    "record": lead,
                    "noupdate": True,
                }
                for rank, lead in enumerate(leads, start=1)
            ]
        )
        leads.flush_recordset()
        begins = [
            SQL("(%s, %s::timestamp)", lead.id, entered)
            for lead, (entered, _is_won, _stays) in zip(leads, ways, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead SET create_date = value.date, date_start = value.date
                     FROM (VALUES %s) AS value (id, date)
                    WHERE crm_lead.id = value.id""",
                SQL(", ").join(begins),
            )
        )
        leads.invalidate_recordset(["create_date", "date_start"])
        passages = []
        for lead, way in zip(leads, ways, strict=True):
            passages += self._prepare_demo_passages(lead, lines, *way)
        self.env["crm.lead.passage"].create(passages)
        # They were created as won or lost, but the ways there are told.
        leads.passage_ids.is_path_known = True
        lost = leads.passage_ids.filtered(lambda passage: passage.outcome == "lost")
        lost.write({"conversion_rate": 0, "loss_rate": 100})

    @api.model
    def _get_demo_way(self, history, random):
        """Return whether an opportunity was won, and its days in each stage."""
        chances = [*history.chances, 1]
        passed = 1
        while (
            passed < len(chances)
            and random.random() < chances[passed - 1] / chances[passed]
        ):
            passed += 1
        is_won = passed == len(chances)
        passed = min(passed, len(history.chances))
        return is_won, [random.uniform(*history.days) for _step in range(passed)]

    @api.model
    def _prepare_demo_passages(self, lead, lines, entered, is_won, stays):
        """Return the stays before the last one, which came with the opportunity."""
        vals_list = []
        for number, days in enumerate(stays if is_won else stays[:-1]):
            left = entered + timedelta(days=days)
            line = lines[number]
            vals_list.append(
                {
                    "lead_id": lead.id,
                    "pipeline_id": line.pipeline_id.id,
                    "stage_id": line.stage_id.id,
                    "pipeline_stage_id": line.id,
                    "date_in": entered.replace(microsecond=0),
                    "date_out": left.replace(microsecond=0),
                    "days": days,
                    "outcome": "won" if number + 1 == len(lines) - 1 else "forward",
                    "next_stage_id": lines[number + 1].stage_id.id,
                    "conversion_rate": 100,
                    "loss_rate": 0,
                    "amount": lead.expected_revenue,
                    "probability": line.probability,
                    "user_id": lead.user_id.id,
                    "team_id": lead.team_id.id,
                    "entered_by_id": lead.user_id.id,
                }
            )
            entered = left
        return vals_list

    @api.model
    def _prepare_demo_snapshots(self, lead, random):
        """Return the values of the weeks in which an opportunity was open."""
        passages = lead.passage_ids.sorted("date_in").filtered(
            lambda passage: not passage.stage_id.is_won
        )
        if not passages:
            return []
        today = fields.Date.today()
        closed = lead.date_closed.date() if lead.date_closed else None
        begin = passages[0].date_in.date()
        own = random.random() < 0.35
        names = {self._get_demo_record(name): add for name, add in OPTIMISM.items()}
        added = names.get(lead.user_id, 0) if own else 0
        amount = lead.expected_revenue * random.choice((0.85, 1, 1, 1, 1.1, 1.2))
        deadline = begin + timedelta(
            days=int(((closed or today) - begin).days * random.uniform(0.3, 1.1)) + 7
        )
        # When the date was known, and how often an overdue one is put off at once
        known_days = random.choice((24, 50, 70, 90))
        diligence = random.choice((0.35, 0.2, 0.1))
        week = max(begin, today - timedelta(weeks=WEEKS))
        week += timedelta(days=-week.weekday() % 7)
        vals_list = []
        while week < (closed or today):
            moment = datetime.combine(week, time.max)
            current = passages.filtered(lambda p, moment=moment: p.date_in <= moment)
            passage = current[-1:] or passages[:1]
            line = passage.pipeline_stage_id
            if closed and (closed - week).days < known_days:
                amount = lead.expected_revenue
                if lead.won_status == "won":
                    deadline = lead.date_deadline or deadline
            elif not closed and (today - week).days < 28:
                amount = lead.expected_revenue
                deadline = lead.date_deadline
            # What is overdue now was so then. Of what is closed by now, some dates were
            # put off some weeks after they had passed.
            overdue = not closed and lead.date_deadline
            if overdue and overdue < week:
                deadline = overdue
            elif deadline and deadline <= week and deadline != overdue:
                if not closed or random.random() < diligence:
                    deadline = week + timedelta(days=random.randint(25, 70))
            probability = min(95, max(5, line.probability + added))
            vals_list.append(
                {
                    "date": week,
                    "lead_id": lead.id,
                    "amount": amount,
                    "weighted_amount": amount * probability / 100,
                    "probability": probability,
                    "date_deadline": deadline,
                    "stage_id": passage.stage_id.id,
                    "pipeline_id": passage.pipeline_id.id,
                    "user_id": lead.user_id.id,
                    "team_id": lead.team_id.id,
                    "company_id": lead.company_id.id,
                }
            )
            week += timedelta(weeks=1)
        return vals_list
