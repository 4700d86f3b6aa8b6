"""A sales team at work, with the addons and without, on the real server.

    ./setup/bench load [--scale 100000] [--users 20] [--workers 4] [--seconds 60]

Each user looks at the pipeline, opens deals, moves them, changes amounts and plans
calls, over HTTP, as fast as the server answers. It prints how often each was done and
how long it took, and every error that a user would have seen. The databases are made as
for `./setup/bench stock`.
"""

import random
import statistics
import threading
import time
from collections import defaultdict

from live_data import make_databases
from odoo_rpc import RpcError, Session
from odoo_setup import odoo_app

OPTIONS = {"scale": 100_000, "users": 20, "workers": 4, "seconds": 60}
SHOWN = {
    name: {}
    for name in ("name", "stage_id", "expected_revenue", "partner_id", "activity_state")
}


class Salesperson(threading.Thread):
    """One user, who works until told to stop."""

    def __init__(self, session, number, end):
        super().__init__()
        self.session = session
        self.random = random.Random(number)
        self.end = end
        self.times = defaultdict(list)
        self.errors = []
        call = session.call
        own = [("type", "=", "opportunity"), ("user_id", "=", session.user_id)]
        self.own = [*own, ("won_status", "=", "pending")]
        self.deals = call("crm.lead", "search", self.own, limit=200)
        self.stages = call("crm.stage", "search", [("is_won", "=", False)])
        (self.activity,) = call(
            "mail.activity.type", "search", [("name", "=", "Call")], limit=1
        )

    def run(self):
        actions = (
            *[("pipeline", self.look)] * 3,
            *[("list", self.list)] * 2,
            *[("form", self.open)] * 4,
            *[("move", self.move)] * 2,
            ("amount", self.change),
            ("call planned", self.plan),
        )
        while time.monotonic() < self.end:
            name, action = self.random.choice(actions)
            start = time.monotonic()
            try:
                action(self.random.choice(self.deals))
            except (OSError, RpcError) as error:
                self.errors.append(f"{name}: {error}")
            else:
                self.times[name].append(time.monotonic() - start)

    def look(self, _deal_id):
        self.session.call(
            "crm.lead",
            "web_read_group",
            self.own,
            groupby=["stage_id"],
            aggregates=["expected_revenue:sum", "__count"],
            auto_unfold=True,
            unfold_read_specification=SHOWN,
            unfold_read_default_limit=20,
        )

    def list(self, _deal_id):
        self.session.call("crm.lead", "web_search_read", self.own, SHOWN, limit=80)

    def open(self, deal_id):
        self.session.call("crm.lead", "web_read", [deal_id], SHOWN)

    def move(self, deal_id):
        stage_id = self.random.choice(self.stages)
        self.session.call("crm.lead", "web_save", [deal_id], {"stage_id": stage_id}, {})

    def change(self, deal_id):
        vals = {"expected_revenue": self.random.randrange(10_000)}
        self.session.call("crm.lead", "web_save", [deal_id], vals, {})

    def plan(self, deal_id):
        self.session.call(
            "crm.lead",
            "activity_schedule",
            [deal_id],
            activity_type_id=self.activity,
            date_deadline="2031-01-01",
        )


def run(bench, scale, users, workers, seconds):
    """Let the team work in both databases, one after the other."""
    with make_databases(bench, scale) as databases:
        found = {
            name: _work(bench, databases[name], users, workers, seconds)
            for name in ("stock", "ours")
        }
    print(
        f"{users} users on {workers} workers for {seconds} s, {scale:,} opportunities\n"
    )
    print(
        "| Work | Odoo: times | median | 95 % "
        "| with the addons: times | median | 95 % |"
    )
    print("|---|---|---|---|---|---|---|")
    for action in found["stock"][0]:
        cells = [
            cell
            for times, _errors in found.values()
            for cell in _describe(times.get(action, []))
        ]
        print(f"| {action} | {' | '.join(cells)} |")
    for name, (_times, errors) in found.items():
        print(f"\n{name}: {len(errors)} errors", *sorted(set(errors))[:10], sep="\n")


def _work(bench, database, users, workers, seconds):
    log = bench.checkout.logs / f"server-{database}.log"
    log.write_text("")
    server = bench.app.start(
        database,
        odoo_app.free_port(),
        log,
        *("--workers", str(workers), "--max-cron-threads", "0"),
        *("--gevent-port", str(odoo_app.free_port())),
        "--limit-time-real=600",
    ).wait()
    try:
        sessions = [
            Session(server.url, database, f"sales{number % 20}")
            for number in range(users)
        ]
        end = time.monotonic() + seconds
        team = [
            Salesperson(session, number, end) for number, session in enumerate(sessions)
        ]
        for person in team:
            person.start()
        for person in team:
            person.join()
    finally:
        server.stop()
        log.unlink()
    times = defaultdict(list)
    for person in team:
        for action, taken in person.times.items():
            times[action] += taken
    return dict(sorted(times.items())), [e for person in team for e in person.errors]


def _describe(taken):
    if len(taken) < 2:
        return (str(len(taken)), "", "")
    late = statistics.quantiles(taken, n=20)[-1]
    return (
        str(len(taken)),
        f"{statistics.median(taken) * 1000:.0f} ms",
        f"{late * 1000:.0f} ms",
    )
