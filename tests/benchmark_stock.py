"""What a large database costs with the addons, against Odoo without them.

    ./setup/bench stock [--scale 1000000] [--repeat 6]

It makes one database with opportunities by SQL (3 of 10 open, 3 won, 4 lost, over four
years, two thirds of the open ones with an activity), installs the addons in a copy, and
does the same work in both, in turn. It prints a table in Markdown: the best time and
the number of queries of each. A figure of the addons, which Odoo does not have, stands
alone. Nothing of it is kept.
"""

import json
import time
from collections import defaultdict

from live_data import make_databases

OPTIONS = {"scale": 1_000_000, "repeat": 6}
ROUNDS = 2

CASES = """
import json
import statistics
import time

from odoo import fields

user = env.ref("base.user_admin")
env = env(
    user=user,
    context={
        "lang": "en_US",
        "tz": "Europe/Paris",
        "allowed_company_ids": user.company_id.ids,
    },
)
leads = env["crm.lead"]
with_addons = "crm.kpi" in env
stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
OPPORTUNITIES = [("type", "=", "opportunity")]
OPEN = [*OPPORTUNITIES, ("active", "=", True), ("won_status", "=", "pending")]
env.cr.execute(
    "SELECT id FROM crm_lead WHERE won_status = 'pending' AND stage_id <> %s "
    "ORDER BY id LIMIT 5000",
    [stages[2].id],
)
open_ids = [row[0] for row in env.cr.fetchall()]
results = {}


def measure(name, work, count=0):
    '''Do some work with other opportunities each time, and undo it.'''
    if ONLY and name not in ONLY:
        return
    times = []
    for number in range(REPEAT + 1):
        start = number * count % (len(open_ids) - count)
        chosen = leads.browse(open_ids[start : start + count])
        env.flush_all()
        env.invalidate_all()
        queries, begin = env.cr.sql_log_count, time.perf_counter()
        work(chosen) if count else work()
        env.flush_all()
        if not name.startswith("with notes"):
            env.cr.precommit.clear()
        env.cr.flush()
        times.append(time.perf_counter() - begin)
        queries = env.cr.sql_log_count - queries
        env.cr.rollback()
        env.invalidate_all()
    # The first time is to get warm.
    results[name] = [min(times[1:]), statistics.median(times[1:]), queries]


def write_one_by_one(chosen, vals):
    for lead in chosen:
        lead.write(vals)
        env.flush_all()


KANBAN = {
    name: {}
    for name in (
        "name stage_id probability active company_currency recurring_revenue_monthly "
        "team_id won_status color expected_revenue partner_id tag_ids priority "
        "activity_ids activity_state user_id write_date"
    ).split()
}
STORED = {
    name: {}
    for name, field in leads._fields.items()
    if field.store and field.type not in ("one2many", "many2many")
}
BY_ODOO = {
    name: {}
    for name in STORED
    if set(leads._fields[name]._modules)
    - {"sales_pipeline_plus", "sales_campaign_goals"}
}
moved = {"stage_id": stages[2].id}
measure("count of open deals without action",
        lambda: leads.search_count([*OPEN, ("activity_ids", "=", False)]))
measure("stage of 200 at once", lambda chosen: chosen.write(moved), 200)
measure("stage of 50 singly", lambda chosen: write_one_by_one(chosen, moved), 50)
measure("with notes: stage of 200", lambda chosen: chosen.write(moved), 200)
measure("amount of 200", lambda chosen: chosen.write({"expected_revenue": 777}), 200)
measure("date of 200", lambda chosen: chosen.write({"date_deadline": "2031-03-03"}),
        200)
measure("won 20", lambda chosen: chosen.action_set_won(), 20)
measure("lost 20", lambda chosen: chosen.action_set_lost(), 20)
measure("form, all plain fields", lambda chosen: chosen.web_read(STORED), 1)
measure("form, plain fields of Odoo", lambda chosen: chosen.web_read(BY_ODOO), 1)
new = {"name": "New", "type": "opportunity", "expected_revenue": 5}
measure("create one", lambda: leads.create(dict(new)))
measure("create 200", lambda: leads.create([dict(new) for _number in range(200)]))
measure(
    "import 500",
    lambda: leads.load(
        ["name", "type", "expected_revenue", "stage_id", "date_deadline"],
        [
            [f"Row {number}", "Opportunity", "5", stages[number % 3].name, "2031-01-01"]
            for number in range(500)
        ],
    ),
)
measure(
    "kanban",
    lambda: leads.web_read_group(
        OPPORTUNITIES,
        groupby=["stage_id"],
        aggregates=["expected_revenue:sum", "__count"],
        auto_unfold=True,
        unfold_read_specification=KANBAN,
        unfold_read_default_limit=20,
    ),
)
measure("list", lambda: leads.web_search_read(OPPORTUNITIES, KANBAN, limit=80))
measure("open deals that are late",
        lambda: leads.search_count(
            [*OPEN, ("date_deadline", "<", fields.Date.today())]))
measure(
    "open deals by month",
    lambda: leads.formatted_read_group(
        OPEN,
        ["date_deadline:month"],
        ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
    ),
)
if with_addons:
    kpi, pipelines = env["crm.kpi"], env["crm.pipeline"]
    measure("figures of this month",
            lambda: kpi.get_figures({"period": "this_month"}))
    measure("figures of this month with trend",
            lambda: kpi.get_figures({"period": "this_month"}, with_trend=True))
    measure("figures of the year by salesperson",
            lambda: kpi.get_figures({"period": "this_year"}, breakdown="salesperson"))
    shown = {
        node.get("name"): {}
        for view in ("kanban", "list")
        for node in pipelines._get_view(view_type=view)[0].iter("field")
        if node.get("name") in pipelines._fields
    }
    measure("overview of the pipelines",
            lambda: pipelines.web_search_read([], shown, limit=80))
    measure(
        "first page of the weekly review",
        lambda: leads.web_search_read(
            OPEN,
            {"name": {}, "review_state": {}, "next_action_date": {}},
            order="review_state, id",
            limit=80,
        ),
    )
    measure("open deals by state of their next action",
            lambda: leads.formatted_read_group(OPEN, ["next_action_state"],
                                               ["__count"]))
print("RESULT", json.dumps(results))
"""


def run(bench, scale, repeat):
    """Measure in both databases, in turn, and print the table."""
    with make_databases(bench, scale) as databases:
        found = defaultdict(dict)
        for _round in range(ROUNDS):
            for name in ("stock", "ours"):
                for case, figures in measure(bench, databases[name], repeat).items():
                    best = found[case].get(name)
                    found[case][name] = min(figures, best) if best else figures
        print(f"{scale:,} opportunities, best of {ROUNDS * repeat} times\n")
        print("| Work | Odoo | with the addons | ratio |\n|---|---|---|---|")
        installing = databases["installing"]
        print(
            f"| installing | | {installing['seconds']:.0f} s | table of the leads "
            f"{installing['after'] / installing['before']:.2f} |"
        )
        for case, figures in found.items():
            stock, ours = (describe(figures.get(name)) for name in ("stock", "ours"))
            ratio = ""
            if "stock" in figures:
                ratio = f"{figures['ours'][0] / figures['stock'][0]:.2f}"
            print(f"| {case} | {stock} | {ours} | {ratio} |")
        print(f"\nMade at {time.strftime('%Y-%m-%d')}.")


def measure(bench, database, repeat, only=()):
    """Return {case: [best time, median, queries]} of all cases, or of those named."""
    script = f"REPEAT, ONLY = {repeat}, {only!r}\n{CASES}"
    lines = bench.app.shell(database, script).splitlines()
    (answer,) = (line for line in lines if line.startswith("RESULT "))
    return json.loads(answer.removeprefix("RESULT "))


def describe(figures):
    """Return the best time and the queries in words."""
    if not figures:
        return ""
    best, _median, queries = figures
    return f"{best * 1000:,.1f} ms, {queries} queries"
