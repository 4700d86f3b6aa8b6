"""What moving deals costs with OCA's crm_stage_probability, and with the addons.

    ./setup/bench oca [--scale 100000] [--repeat 6]

That addon of PyPI gives an opportunity the percentage of its stage, as the addons do
beside much else. Three copies of one database do the same work in turn: Odoo alone,
with that addon, and with ours. It prints a table in Markdown. Nothing of it is kept.
"""

from collections import defaultdict

from benchmark_stock import ROUNDS, describe, measure
from live_data import make_databases
from oca_addons import download

OPTIONS = {"scale": 100_000, "repeat": 6}
ADDON = "crm_stage_probability"
CASES = (
    "stage of 200 at once",
    "stage of 50 singly",
    "with notes: stage of 200",
    "won 20",
    "lost 20",
    "create one",
    "create 200",
    "kanban",
    "list",
)


def run(bench, scale, repeat):
    """Measure in the three databases, in turn, and print the table."""
    folder = download(bench.checkout.cache, ADDON)
    other = bench.temporary_name()
    with make_databases(bench, scale) as databases:
        try:
            bench.clone(databases["stock"], other)
            with bench.app.addons_path(folder):
                bench.app.install(other, ADDON)
            found = defaultdict(dict)
            for _round in range(ROUNDS):
                for name in ("stock", "other", "ours"):
                    database = other if name == "other" else databases[name]
                    with bench.app.addons_path(bench.checkout.root, folder):
                        cases = measure(bench, database, repeat, CASES)
                    for case, figures in cases.items():
                        best = found[case].get(name)
                        found[case][name] = min(figures, best) if best else figures
        finally:
            bench.drop(other)
    print(f"{scale:,} opportunities, best of {ROUNDS * repeat} times\n")
    print(f"| Work | Odoo | {ADDON} | with the addons |\n|---|---|---|---|")
    for case, figures in found.items():
        cells = (describe(figures[name]) for name in ("stock", "other", "ours"))
        print(f"| {case} | {' | '.join(cells)} |")
