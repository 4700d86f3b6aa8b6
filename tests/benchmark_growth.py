"""How the time of reading grows with the number of opportunities.

    ./setup/bench growth [--first 10000] [--last 1000000] [--repeat 4]

For each scale, ten times the one before, it makes a database with the addons and does
there what `./setup/bench stock` measures of reading: lists, figures, overview, review.
It prints the best times in Markdown, and how often as long each took as at the scale
before: 10 is linear. Nothing of it is kept.
"""

from itertools import pairwise

from benchmark_stock import measure
from live_data import make_databases

OPTIONS = {"first": 10_000, "last": 1_000_000, "repeat": 4}
READING = (
    "count of open deals without action",
    "kanban",
    "list",
    "open deals that are late",
    "open deals by month",
    "figures of this month",
    "figures of this month with trend",
    "figures of the year by salesperson",
    "overview of the pipelines",
    "first page of the weekly review",
    "open deals by state of their next action",
)


def run(bench, first, last, repeat):
    """Measure at each scale and print the table."""
    scales = [first]
    while scales[-1] * 10 <= last:
        scales.append(scales[-1] * 10)
    found = []
    for scale in scales:
        with make_databases(bench, scale) as databases:
            found.append(measure(bench, databases["ours"], repeat, READING))
    titles = " | ".join(f"{scale:,}" for scale in scales)
    print(f"| Work | {titles} | growth |")
    print("|---|" + "---|" * (len(scales) + 1))
    for case in READING:
        times = [figures[case][0] for figures in found]
        shown = " | ".join(f"{time * 1000:,.1f} ms" for time in times)
        growth = ", ".join(f"{after / time:.1f}" for time, after in pairwise(times))
        print(f"| {case} | {shown} | {growth} |")
