from datetime import date, timedelta
from random import Random

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ...kpi.outlook import Backtest, Group, Past, foresee
from ...kpi.outlook_inputs import INPUTS, Cell, Inputs
from ...models.outlook.crm_kpi_outlook_inputs import GOLDEN, NUMBERS, SAMPLE
from .test_outlook import OutlookCase

START = date(2026, 1, 5)


@tagged("post_install", "-at_install")
class TestInputArithmetic(BaseCase):
    """An input enters where it tells something, and only there."""

    def _live(self, windows, telling, deals=40, seed=1):
        """Let the customers of who bought before buy, if they tell something."""
        random = Random(seed)
        past = []
        for number in range(windows):
            sums = {}
            # How many bought before changes from window to window.
            share = random.choice((0.2, 0.8))
            for _deal in range(deals):
                levels = (
                    random.randrange(4),
                    random.random() < 0.5,
                    random.random() < share,
                    random.randrange(5),
                )
                chance = (0.8 if levels[2] else 0.05) if telling else 0.4
                is_won = random.random() < chance
                total = sums.setdefault(levels, [0, 0, 0, 0])
                for place, value in enumerate((1, 1000, is_won, is_won * 1000)):
                    total[place] += value
            cells = tuple(Cell(1, 7, levels, *each) for levels, each in sums.items())
            won = sum(cell.won for cell in cells)
            group = Group(
                *(1, 7, 20, deals, 1000 * deals, 1e6 * deals, 0, 0, won, 1000 * won)
            )
            past.append(
                Past(START + timedelta(weeks=number), (group,), None, tuple(cells))
            )
        return past

    def test_telling(self):
        test = Backtest(self._live(16, telling=True))
        self.assertEqual(test.inputs.used, ("customer",))
        self.assertLess(
            test.inputs.get_error(["customer"]), 0.5 * test.inputs.get_error([])
        )
        present = self._live(1, telling=True, seed=9)[0]
        plain = foresee(test.learning, present.groups, None)
        better = foresee(
            test.learning, present.groups, None, test.inputs, present.cells
        )
        came = present.groups[0].won_amount
        self.assertLess(
            abs(better["stage_window"].value - came),
            abs(plain["stage_window"].value - came),
        )
        self.assertEqual(plain["own"].value, better["own"].value)

    def test_not_telling(self):
        for seed in range(20):
            test = Backtest(self._live(16, telling=False, seed=seed))
            self.assertEqual(test.inputs.used, (), seed)

    def test_short_past(self):
        test = Backtest(self._live(6, telling=True))
        self.assertEqual((test.inputs.trials, test.inputs.used), (5, ()))

    def test_unknown(self):
        """What is unknown changes nothing; no chance is above 1."""
        inputs = Inputs()
        inputs.add([Cell(1, 7, (None, None, True, 3), 10, 1000.0, 10, 1000.0)])
        ratios = inputs.get_ratios(
            [Cell(1, 7, (None,) * 4, 1, 100.0), Cell(1, 8, (0, None, True, 3), 1, 9.0)],
            lambda pipeline, stage: 0.9,
            INPUTS,
        )
        self.assertEqual(ratios[1, 7], 1)
        self.assertAlmostEqual(ratios[1, 8], 1 / 0.9)


@tagged("post_install", "-at_install")
class TestOutlookInputs(OutlookCase):
    """The levels are those of then, and the page says what enters."""

    def test_levels(self):
        customer = self.env["res.partner"].create({"name": "Tartempion Customer"})
        source = self.env["utm.source"].create({"name": "Trade fair of a test"})
        bought = self._new(partner_id=customer.id)
        deal = self._new(
            at="2026-04-14 08:00",
            partner_id=customer.id,
            source_id=source.id,
            date_deadline="2026-06-01",
        )
        for day in ("2026-04-20", "2026-05-11", "2026-06-01"):
            self._take(f"{day} 06:00")
            if day == "2026-04-20":
                self._win(bought, "2026-05-04")
            if day == "2026-05-11":
                with self._at("2026-05-20 09:00"):
                    deal.date_deadline = "2026-07-15"
                self._new(at="2026-05-18 08:00")
        kpi = self._get_kpi(self.manager)
        with freeze_time(self.NOW):
            question = kpi._read_outlook_filters({"window": "this_month"})
            now, past = kpi._get_outlook_cells(question, 2)
        found = {
            (str(week), cell.levels): (cell.count, cell.won)
            for week, cells in past.items()
            for cell in cells
        }
        self.assertEqual(
            found,
            {
                ("2026-04-20", (3, None, False, None)): (1, 1),
                ("2026-04-20", (0, False, False, source.id)): (1, 0),
                ("2026-05-11", (1, False, True, source.id)): (1, 0),
                ("2026-06-01", (2, True, True, source.id)): (1, 0),
                ("2026-06-01", (0, None, None, None)): (1, 0),
            },
        )
        self.assertEqual(
            sorted(str(cell.levels) for cell in now),
            sorted(
                [str((2, True, True, source.id)), str((1, None, None, None))],
            ),
        )
        answer = self._get_outlook(self.manager)
        self.assertFalse(any(each["is_used"] for each in answer["inputs"]))
        self.assertEqual([each["code"] for each in answer["inputs"]], list(INPUTS))
        self.assertIn("Besides the stage nothing enters", answer["words"][-1])

    def _is_taken(self, number, share):
        return number * GOLDEN % NUMBERS < NUMBERS // share

    def test_scattered(self):
        """What repeats itself from deal to deal is in the sample as it is in all."""
        for share in (2, 3, 7):
            for step in (1, 2, 3, 5, 7, 10, 20):
                for first in range(step):
                    numbers = range(first + 1000, first + 1000 + 400 * step, step)
                    count = sum(self._is_taken(number, share) for number in numbers)
                    self.assertAlmostEqual(count * share, 400, delta=8 * share)

    def test_sample(self):
        """Of many deals a part counts, the same in each week, also when it is gone."""
        deals = [self._new() for _number in range(8)]
        weeks = ("2026-04-20", "2026-05-11")
        for day in weeks:
            self._take(f"{day} 06:00")
        taken = [deal for deal in deals if self._is_taken(deal.id, 2)]
        taken[0].sudo().unlink()
        kpi = self._get_kpi(self.manager)
        with freeze_time(self.NOW):
            question = kpi._read_outlook_filters({"window": "this_month"})
            self.assertEqual(list(map(str, question.weeks)), list(weeks))
            most = SAMPLE // (len(weeks) + 1)
            every, _past = kpi._get_outlook_cells(question, most)
            now, past = kpi._get_outlook_cells(question, most + 1)
        self.assertEqual(sum(cell.count for cell in every), len(deals) - 1)
        self.assertEqual(sum(cell.count for cell in now), len(taken) - 1)
        for week in question.weeks:
            self.assertEqual(sum(cell.count for cell in past[week]), len(taken), week)
