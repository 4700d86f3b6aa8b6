"""How far the forecasts of what will come are off in companies that are made up.

    ./setup/bench forecast [--companies 60] [--seed 1] [--weight 8]

It is no test, and makes no database: companies of 10, 50 and 500 open deals live week
by week for three years, each with chances, amounts and habits of its own. Twice a year
the product's arithmetic says what will come, from the company's own past alone. What is
wanted: the range holds in 75 to 85 of 100 cases, and the error is below that of the
weighted sum. Errors and biases are of what comes; "best" is the method that erred least
in the company's own past when it was asked. Of the inputs besides the stage the last
column has how often each was used: "customer" tells something, the others nothing.
"""

import sys
from collections import defaultdict
from datetime import date, timedelta
from math import exp
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "sales_pipeline_plus"))

from kpi import outlook, outlook_inputs  # noqa: E402

OPTIONS = {"companies": 60, "seed": 1, "weight": outlook.WEIGHT}
SIZES = (10, 50, 500)
WINDOWS = (("a month", 30), ("a quarter", 91))
WEEKS = 156
# How long a company has lived before it asks for the first time
LEARNED = 52
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


def ask(company, week, days):
    """Return the past windows as they are known on a Monday."""
    mondays = [FIRST + timedelta(weeks=number) for number in range(week + 1)][::-1]
    starts = outlook.get_windows(mondays, FIRST + timedelta(weeks=week), days, 60)
    past = []
    for start in starts:
        number = (start - FIRST).days // 7
        past.append(
            outlook.Past(
                start,
                company.get_groups(number, days),
                _year(company, number, days),
                company.get_cells(number, days),
            )
        )
    return past


def _year(company, week, days):
    return company.get_won(week - 52, days) if week >= 52 else None


def measure(size, days, companies, seed, weight):
    """Return {method: [error, bias, coverage]} in percent over companies of a size."""
    pairs, held = defaultdict(list), defaultdict(list)
    single, used, asked = [], defaultdict(int), 0
    for number in range(companies):
        company = Company(size, Random(f"{seed}-{size}-{number}"))
        for week in range(LEARNED, WEEKS - 14, 26):
            past = ask(company, week, days)
            groups = company.get_groups(week, days)
            came = sum(group.won_amount for group in groups)
            most = sum(group.amount for group in groups)
            # The present does not know what will come.
            present = [group._replace(won=0, won_amount=0) for group in groups]
            test = outlook.Backtest(past, weight)
            cells = [
                cell._replace(won=0, won_amount=0)
                for cell in company.get_cells(week, days)
            ]
            forecasts = outlook.foresee(
                *(test.learning, present, _year(company, week, days)),
                *(test.inputs, cells),
            )
            for name in test.inputs.used:
                used[name] += 1
            asked += 1
            forecasts["best"] = forecasts[test.get_best() or outlook.USUAL]
            for method, forecast in forecasts.items():
                if forecast.value is None:
                    continue
                # Each company weighs as much as the next.
                pairs[method].append((forecast.value / most, came / most))
                ranged = (
                    test.get_best() or outlook.USUAL if method == "best" else method
                )
                bounds = test.get_range(ranged, forecast, most)
                if bounds:
                    held[method].append(bounds[0] - 1e-6 <= came <= bounds[1] + 1e-6)
            came_of, worth = defaultdict(float), defaultdict(float)
            for group in groups:
                came_of[group.stage] += group.won_amount
                worth[group.stage] += group.amount
            for (_pipeline, stage), forecast in outlook.foresee_stages(
                test.learning, present, test.inputs, cells
            ).items():
                low, high = test.get_stage_range(forecast, worth[stage])
                single.append(low - 1e-6 <= came_of[stage] <= high + 1e-6)
    result = {
        method: (
            outlook.get_wape(pairs[method]),
            outlook.get_bias(pairs[method]),
            100 * sum(held[method]) / len(held[method]) if held[method] else None,
        )
        for method in pairs
    }
    result["single stages"] = None, None, 100 * sum(single) / len(single)
    for name in outlook_inputs.INPUTS:
        # How often it was used, in the place of the range that held
        result[f"used: {name}"] = None, None, 100 * used[name] / asked
    return result


def report(companies, seed, weight):
    print(f"{'':34}{'error':>9}{'bias':>9}{'range held':>12}")
    for label, days in WINDOWS:
        for size in SIZES:
            print(f"{label}, {size} deals")
            # Large companies differ less from what is expected.
            count = companies if size < 500 else max(companies // 2, 5)
            found = measure(size, days, count, seed, weight)
            inputs = [f"used: {name}" for name in outlook_inputs.INPUTS]
            for method in (*outlook.METHODS, "best", "single stages", *inputs):
                if method in found:
                    cells = [
                        "" if value is None else f"{value:.0f} %"
                        for value in found[method]
                    ]
                    print(f"  {method:32}{cells[0]:>9}{cells[1]:>9}{cells[2]:>12}")


def run(bench, companies, seed, weight):
    report(companies, seed, weight)


if __name__ == "__main__":
    report(**OPTIONS)
