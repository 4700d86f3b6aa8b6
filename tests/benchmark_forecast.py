"""How far the forecasts of what will come are off in companies that are made up.

    ./setup/bench forecast [--companies 60] [--seed 1] [--weight 8]

It is no test, and makes no database: companies of 10, 50 and 500 open deals live week
by week for three years, each with chances, amounts, seasons and habits of its own. Each
takes its first snapshot in a week of its own, in any season. From its first past window
on, the product's arithmetic says each quarter what will come, from the company's own
past alone. What is wanted: the range holds in 75 to 85 of 100 cases, and the error is
below that of the weighted sum. Errors and biases are of what comes; "best" is the
method that erred least in the company's own past when it was asked. After ± stands the
standard error of a share, of which the forecasts of a company are one draw.

How often the range held is told for each number of past forecasts from whose errors it
could be learned, too (below four it comes from the chances and the usual swing), and
for each quarter of the year: business has seasons, which the methods do not know. Of
the inputs besides the stage the share of forecasts is told in which each was used:
"customer" tells something, the others nothing.
"""

import sys
from collections import defaultdict
from datetime import date, timedelta
from math import exp, sqrt
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "sales_pipeline_plus"))

from kpi import outlook, outlook_inputs  # noqa: E402

OPTIONS = {"companies": 60, "seed": 1, "weight": outlook.WEIGHT}
SIZES = (10, 50, 500)
WINDOWS = (("a month", 30), ("a quarter", 91))
WEEKS = 156
# It asks each quarter, until so many weeks before the end.
STEP, REST = 13, 14
# Past forecasts from whose errors a range is learned, by what is told of them together
SEEN = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 99))
WANTED = 75, 85
FIRST = date(2024, 1, 1)
# What the stages are said to be worth; it is seldom so.
PERCENTAGES = (20, 40, 60, 80)
LOST, WON = "lost", "won"


class Deal:
    """A deal that moves on, is lost, or waits, week by week."""

    def __init__(self, company, random, week, stage=0):
        self.company = company
        self.random = random
        self.stage = stage
        # What a machine or a person can see of it, and what they see
        self.quality = random.gauss(0, 0.6)
        self.seen = random.gauss(self.quality, 0.6)
        self.amount = round(exp(random.gauss(8.5, company.spread)), 2)
        self.due = week + random.randint(4, 20)
        self.entered = week
        self.is_postponed = False
        # Who bought before buys rather; where it came from tells nothing.
        extra = company.extra
        self.levels = self.quality + extra.gauss(0, 0.4) > 0, extra.randrange(4)
        self.closed = None

    def live(self, week):
        """Spend a week; return whether it is still open."""
        random, company = self.random, self.company
        if random.random() < company.pace[self.stage] * company.season(week):
            if random.random() < company.get_success(self.stage, self.quality):
                self.stage += 1
                self.entered = week
                if self.stage == len(PERCENTAGES):
                    self.closed = WON, week
            else:
                self.closed = LOST, week
        elif self.due <= week:
            # Nobody likes to admit that it is late.
            self.due = week + random.randint(3, 12)
            self.is_postponed = True
        return self.closed is None

    @property
    def percent(self):
        """The percentage that a person or a machine gives it."""
        odds = PERCENTAGES[self.stage] / (100 - PERCENTAGES[self.stage])
        odds *= exp(self.seen)
        return round(100 * odds / (1 + odds))


class Company:
    """Its own chances and pace; ``weeks`` has the open deals of each Monday."""

    def __init__(self, size, random):
        self.known = {}
        # What tells nothing, or little, leaves the rest as it is.
        self.extra = Random(size)
        self.spread = random.uniform(0.5, 1.0)
        self.success = [random.uniform(0.5, 0.9) for _stage in PERCENTAGES]
        self.pace = [random.uniform(0.06, 0.3) for _stage in PERCENTAGES]
        self.swing = random.uniform(0, 0.25)
        growth = random.uniform(0.8, 1.4)
        self.weeks = []
        deals = [
            Deal(self, random, 0, random.randrange(len(PERCENTAGES)))
            for _number in range(size)
        ]
        for week in range(WEEKS):
            self.weeks.append([self._record(deal, week) for deal in deals])
            deals = [deal for deal in deals if deal.live(week)]
            wanted = size * growth ** (week / 52)
            # As many come as keep its size, some weeks more and some less.
            missing = max(0, round(wanted - len(deals)))
            come = min(missing, round(random.expovariate(1 / max(missing, 0.5))))
            deals += [Deal(self, random, week) for _number in range(max(come, 1))]

    def season(self, week):
        """Business goes faster in the last quarter, slower in summer."""
        return 1 + self.swing * (1 if week % 52 >= 39 else -1 if 26 <= week % 52 else 0)

    def get_success(self, stage, quality):
        odds = self.success[stage] / (1 - self.success[stage]) * exp(quality)
        return odds / (1 + odds)

    def _record(self, deal, week):
        levels = min((week - deal.entered) // 4, 3), deal.is_postponed, *deal.levels
        return deal, deal.stage, deal.percent, deal.amount, deal.due, levels

    def get_groups(self, week, days):
        """Return the groups of a Monday, with what was won within the days after it."""
        key = week, days
        if key not in self.known:
            self.known[key] = self._find_groups(week, days)
        return self.known[key]

    def _find_groups(self, week, days):
        end = week + days / 7
        sums = defaultdict(lambda: [0, 0.0, 0.0, 0.0, 0.0, 0, 0.0])
        for deal, stage, percent, amount, due, _levels in self.weeks[week]:
            is_won = bool(
                deal.closed and deal.closed[0] is WON and deal.closed[1] < end
            )
            is_due = due < end
            values = (
                *(1, amount, amount * amount),
                is_due * amount * PERCENTAGES[stage] / 100,
                is_due * amount * percent / 100,
                *(is_won, is_won * amount),
            )
            total = sums[stage, percent]
            for number, value in enumerate(values):
                total[number] += value
        return tuple(
            outlook.Group(1, stage, percent, *values)
            for (stage, percent), values in sums.items()
        )

    def get_cells(self, week, days):
        """Return the same deals by what more is known of them than their stage."""
        key = week, days, "cells"
        if key not in self.known:
            end = week + days / 7
            sums = defaultdict(lambda: [0, 0.0, 0, 0.0])
            for deal, stage, _percent, amount, _due, levels in self.weeks[week]:
                is_won = bool(
                    deal.closed and deal.closed[0] is WON and deal.closed[1] < end
                )
                total = sums[stage, levels]
                for number, value in enumerate((1, amount, is_won, is_won * amount)):
                    total[number] += value
            self.known[key] = tuple(
                outlook_inputs.Cell(1, stage, levels, *values)
                for (stage, levels), values in sums.items()
            )
        return self.known[key]

    def get_won(self, week, days):
        return sum(group.won_amount for group in self.get_groups(week, days))


def ask(company, begin, week, days):
    """Return the past windows as they are known on a Monday, of snapshots since one."""
    mondays = [FIRST + timedelta(weeks=number) for number in range(begin, week + 1)]
    today = FIRST + timedelta(weeks=week)
    past = []
    for start in outlook.get_windows(mondays[::-1], today, days, 60):
        number = (start - FIRST).days // 7
        past.append(
            outlook.Past(
                start,
                company.get_groups(number, days),
                _year(company, begin, number, days),
                company.get_cells(number, days),
            )
        )
    return past


def _year(company, begin, week, days):
    return company.get_won(week - 52, days) if week - 52 >= begin else None


class Result:
    """What was found in companies of a size: {what: [(company, whether it is so)]}, and
    {method: [(forecast, what came)]}, both as shares of what was open, so that each
    company weighs as much as the next."""

    def __init__(self):
        self.shares = defaultdict(list)
        self.pairs = defaultdict(list)

    def get_share(self, what):
        """Return (share, its standard error, number) in percent; None without any."""
        rows = self.shares[what]
        if not rows:
            return None
        count = len(rows)
        share = sum(is_so for _company, is_so in rows) / count
        sums = defaultdict(float)
        for company, is_so in rows:
            sums[company] += is_so - share
        error = sqrt(sum(value * value for value in sums.values())) / count
        return 100 * share, 100 * error, count

    def format_share(self, what):
        found = self.get_share(what)
        if found is None:
            return ""
        share, error, count = found
        return f"{share:.0f} % ± {error:.1f} of {count}"

    def get_error(self, method):
        return outlook.get_wape(self.pairs[method])

    def add(self, number, company, begin, week, days, weight):
        """Let a company ask on a Monday, if it has a past."""
        past = ask(company, begin, week, days)
        if not past:
            return
        groups = company.get_groups(week, days)
        cells = company.get_cells(week, days)
        # The present does not know what will come.
        present = [group._replace(won=0, won_amount=0) for group in groups]
        now = [cell._replace(won=0, won_amount=0) for cell in cells]
        test = outlook.Backtest(past, weight)
        best = test.get_best() or outlook.USUAL
        forecasts = outlook.foresee(
            *(test.learning, present, _year(company, begin, week, days)),
            *(test.inputs, now),
        )
        came = sum(group.won_amount for group in groups)
        most = sum(group.amount for group in groups)
        for label in (*outlook.METHODS, "best"):
            method = best if label == "best" else label
            forecast = forecasts[method]
            if forecast.value is None:
                continue
            self.pairs[label].append((forecast.value / most, came / most))
            bounds = test.get_range(method, forecast, (0, most))
            if not bounds:
                continue
            held = number, bounds[0] - 1e-6 <= came <= bounds[1] + 1e-6
            self.shares[label].append(held)
            self.shares[label, "quarter", week % 52 // 13].append(held)
            seen = len(test.errors[method])
            for least, greatest in SEEN:
                if least <= seen <= greatest:
                    self.shares[label, "seen", least].append(held)
        for name in outlook_inputs.INPUTS:
            self.shares[f"used: {name}"].append((number, name in test.inputs.used))
        self._add_stages(number, groups, test, present, now)

    def _add_stages(self, number, groups, test, present, cells):
        came, worth = defaultdict(float), defaultdict(float)
        for group in groups:
            came[group.stage] += group.won_amount
            worth[group.stage] += group.amount
        for (_pipeline, stage), forecast in outlook.foresee_stages(
            test.learning, present, test.inputs, cells
        ).items():
            low, high = test.get_stage_range(forecast, (0, worth[stage]))
            held = low - 1e-6 <= came[stage] <= high + 1e-6
            self.shares["single stages"].append((number, held))


def measure(size, days, companies, seed, weight):
    """Return the :class:`Result` of companies of a size."""
    result = Result()
    for number in range(companies):
        company = Company(size, Random(f"{seed}-{size}-{number}"))
        begin = Random(f"{seed}-{size}-{number}-begin").randrange(52)
        for week in range(begin + STEP, WEEKS - REST, STEP):
            result.add(number, company, begin, week, days, weight)
    return result


def report(companies, seed, weight):
    verdicts = []
    for label, days in WINDOWS:
        for size in SIZES:
            # Large companies differ less from what is expected.
            count = companies if size < 500 else max(companies // 2, 5)
            found = measure(size, days, count, seed, weight)
            title = f"{label}, {size} deals"
            print(f"\n{title} ({count} companies)")
            print(f"  {'':28}{'error':>8}{'bias':>8}   range held")
            for method in (*outlook.METHODS, "best"):
                bias = outlook.get_bias(found.pairs[method])
                print(
                    f"  {method:28}{found.get_error(method):6.0f} %{bias:6.0f} %   "
                    f"{found.format_share(method)}"
                )
            print(f"  {'single stages':44}   {found.format_share('single stages')}")
            for least, greatest in SEEN:
                _print_held(found, f"past forecasts: {least} to {greatest}", least)
            for quarter in range(4):
                _print_held(found, f"quarter {quarter + 1}", quarter, "quarter")
            for name in outlook_inputs.INPUTS:
                what = f"used: {name}"
                print(f"  {what:44}   {found.format_share(what)}")
            verdicts += [
                (title, method, *_judge(found, method))
                for method in (outlook.USUAL, "best")
            ]
    print(f"\n{'':48}   range held       error  weighted sum's")
    for title, method, held, error, weighted, is_wanted in verdicts:
        print(
            f"{title:24}{method:24}   {held:14}{error:6.0f} %{weighted:8.0f} %   "
            f"{'as wanted' if is_wanted else 'NOT AS WANTED'}"
        )


def _print_held(found, label, key, kind="seen"):
    held = [
        found.format_share((method, kind, key)) for method in (outlook.USUAL, "best")
    ]
    if held[0]:
        print(f"  {label:44}   {held[0]:20}   best {held[1]}")


def _judge(found, method):
    """Return how often the range held, the error, that of the weighted sum, and whether
    all is as wanted."""
    share, error, _count = found.get_share(method)
    errors = found.get_error(method), found.get_error("stage")
    is_wanted = WANTED[0] <= share <= WANTED[1] and errors[0] < errors[1]
    return f"{share:.0f} % ± {error:.1f}", *errors, is_wanted


def run(bench, companies, seed, weight):
    report(companies, seed, weight)


if __name__ == "__main__":
    report(**OPTIONS)
