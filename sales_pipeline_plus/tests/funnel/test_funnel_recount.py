import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import pytz
from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import float_round

from ...kpi.funnel import PARTS
from ..common_random import examples
from .common import NOW, PERIOD, FunnelCase

START = datetime(2026, 2, 20, 9)
STEP = timedelta(hours=7)


@dataclass
class Way:
    """A deal's way through one pipeline, as the test has seen it."""

    first: datetime
    stages: list = field(default_factory=list)
    # {stage: days}, and the stages of which they are not known yet.
    days: dict = field(default_factory=dict)
    here: tuple | None = None
    result: str = "open"


@tagged("post_install", "-at_install")
class TestFunnelRecount(FunnelCase):
    """Whatever happens to deals, and whoever asks: the funnel is that of a recount in
    plain Python, closes, and opens its deals."""

    def test_property_as_recounted(self):
        for seed in range(examples(2, 24)):
            savepoint = self.env.cr.savepoint()
            with self.subTest(seed=seed):
                self._walk(random.Random(seed))
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # What happens
    # ------------------------------------------------------------

    def _walk(self, rng):
        self.ways, self.owners = {}, {}
        moment = START
        for _step in range(90):
            moment += STEP
            with self._at(moment):
                self._do(rng, moment)
        for user, tz in (
            (self.manager, "Europe/Paris"),
            (self.salesman, "Pacific/Niue"),
            (self.all_documents, "Pacific/Kiritimati"),
        ):
            self._compare(user, tz)

    def _do(self, rng, moment):
        deals = self.env["crm.lead"].with_context(active_test=False).search([])
        if len(deals) < 12 and rng.random() < 0.5 or not deals:
            return self._create(rng, moment)
        deal = rng.choice(list(deals))
        is_open = deal.active and deal.won_status == "pending"
        choices = ["delete"] if rng.random() < 0.3 else []
        if is_open:
            choices += ["move"] * 5 + ["win", "lose", "switch", "archive", "merge"]
        elif deal.won_status != "won":
            choices += ["restore"] * 2
        if choices:
            getattr(self, f"_do_{rng.choice(choices)}")(rng, deal, moment)
        return None

    def _create(self, rng, moment):
        pipeline = rng.choice([self.equipment, self.spares])
        deal = self.env["crm.lead"].create(
            self._prepare_deal(
                pipeline,
                rng.choice(self.lead_stages[pipeline]),
                user_id=rng.choice([self.salesman, self.colleague]).id,
                expected_revenue=rng.choice([10, 33.33, 500]),
            )
        )
        self.owners[deal.id] = deal.user_id
        self._enter(deal, moment)

    def _enter(self, deal, moment):
        """The deal is in a stage from now on."""
        ways = self.ways.setdefault(deal.id, {})
        way = ways.setdefault(deal.pipeline_id, Way(moment))
        way.here = (deal.stage_id, moment)
        way.result = "open"
        way.stages.append(deal.stage_id)

    def _leave(self, deal, moment, pipeline=None, result=None):
        """The deal is no longer in its stage."""
        way = self.ways[deal.id][pipeline or deal.pipeline_id]
        stage, since = way.here
        # A stay keeps its days with one decimal.
        days = (moment - since).total_seconds() / 86400
        spent = float_round(days, precision_digits=1)
        way.days[stage] = way.days.get(stage, 0) + spent
        way.here = None
        way.result = result or way.result

    def _do_move(self, rng, deal, moment):
        stage = rng.choice(self.lead_stages[deal.pipeline_id])
        if stage != deal.stage_id:
            self._leave(deal, moment)
            deal.stage_id = stage
            self._enter(deal, moment)

    def _do_win(self, rng, deal, moment):
        self._leave(deal, moment, result="won")
        deal.action_set_won()

    def _do_lose(self, rng, deal, moment):
        self._leave(deal, moment, result="lost")
        deal.action_set_lost()

    def _do_switch(self, rng, deal, moment):
        old = deal.pipeline_id
        new = self.spares if old == self.equipment else self.equipment
        self._leave(deal, moment, result="away")
        deal.write(
            {"pipeline_id": new.id, "stage_id": rng.choice(self.lead_stages[new]).id}
        )
        self._enter(deal, moment)

    def _do_archive(self, rng, deal, moment):
        deal.active = False
        self.ways[deal.id][deal.pipeline_id].result = "away"

    def _do_restore(self, rng, deal, moment):
        was_lost = deal.won_status == "lost"
        deal.action_unarchive()
        if was_lost:
            self._enter(deal, moment)
        self.ways[deal.id][deal.pipeline_id].result = "open"

    def _do_delete(self, rng, deal, moment):
        self._end(deal)
        deal.unlink()

    def _end(self, deal):
        way = self.ways[deal.id][deal.pipeline_id]
        if way.result == "open":
            way.result = "away"
        for way in self.ways[deal.id].values():
            way.amount = deal.expected_revenue

    def _do_merge(self, rng, deal, moment):
        others = self.env["crm.lead"].search(
            [
                ("id", "!=", deal.id),
                ("won_status", "=", "pending"),
                ("pipeline_id", "=", deal.pipeline_id.id),
                ("user_id", "=", deal.user_id.id),
                ("stage_id", "=", deal.stage_id.id),
            ],
            limit=1,
        )
        if not others:
            return
        both = deal + others
        gone = {each.id: each for each in both}
        amounts = {each.id: each.expected_revenue for each in both}
        survivor = both.merge_opportunity()
        self.assertEqual(survivor.stage_id, self._here(survivor))
        for number in gone.keys() - set(survivor.ids):
            for way in self.ways[number].values():
                way.amount = amounts[number]
                if way.result == "open":
                    way.result = "away"

    def _here(self, deal):
        return self.ways[deal.id][deal.pipeline_id].here[0]

    # ------------------------------------------------------------
    # The recount
    # ------------------------------------------------------------

    def _compare(self, user, tz):
        self.env.invalidate_all()
        zone = pytz.timezone(tz)
        found = self._get_funnel(user, tz)
        for pipeline, stages in self.lead_stages.items():
            rows = found.get(pipeline.id) or []
            expected = self._recount(user, zone, pipeline, stages)
            if not rows:
                self.assertFalse(any(expected[0]["entered"]))
                continue
            for row, each in zip(rows[:-1], expected, strict=True):
                for part in PARTS:
                    count, amount = each[part]
                    self.assertEqual(row[part]["count"], count, (part, row["label"]))
                    self.assertAlmostEqual(row[part]["amount"], amount, places=2)
                opened = self._count_days(user, tz, pipeline, row)
                self.assertEqual(opened, each["spent"])
                if each["days"] is None:
                    self.assertIsNone(row["days"])
                else:
                    self.assertAlmostEqual(row["days"], each["days"], places=4)

    def _count_days(self, user, tz, pipeline, row):
        kpi = self._get_kpi(user, tz)
        filters = {"period": PERIOD}
        with freeze_time(NOW):
            return self._count_opened(kpi, pipeline.id, "days", row["id"], filters)

    def _recount(self, user, zone, pipeline, stages):
        leads = self.env["crm.lead"].with_context(active_test=False)
        amount_of = {lead.id: lead.expected_revenue for lead in leads.search([])}
        members = []
        for number, ways in self.ways.items():
            way = ways.get(pipeline)
            if not way or (user == self.salesman and self.owners[number] != user):
                continue
            day = pytz.utc.localize(way.first).astimezone(zone).date().isoformat()
            if "2026-03-01" <= day <= "2026-03-31":
                amount = amount_of.get(number, getattr(way, "amount", None))
                members.append((way, max(map(stages.index, way.stages)), amount))
        rows = []
        for rank, stage in enumerate(stages):
            row = {}
            for part in PARTS:
                some = [
                    amount
                    for way, furthest, amount in members
                    if self._is_part(part, rank, furthest, way.result)
                ]
                row[part] = (len(some), sum(some))
            spent = [
                way.days[stage]
                for way, _furthest, _amount in members
                if stage in way.days and not (way.here and way.here[0] == stage)
            ]
            row["days"] = median(spent) if spent else None
            row["spent"] = len(spent)
            rows.append(row)
        return rows

    @staticmethod
    def _is_part(part, rank, furthest, result):
        if result == "won":
            return part in ("entered", "moved_on")
        if rank < furthest:
            return part in ("entered", "moved_on")
        return rank == furthest and part in ("entered", result)
