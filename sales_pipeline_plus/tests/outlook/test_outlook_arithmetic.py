import doctest
import unittest
from itertools import pairwise
from math import sqrt
from random import Random

from odoo.tests import BaseCase, tagged

from ...kpi import outlook, outlook_range, recalibration
from ...kpi.outlook import Backtest, Group, Learning, Past, foresee
from ...kpi.outlook_range import Error

try:
    from hypothesis import given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

OBSERVATIONS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 50), st.floats(0, 1)).map(
        lambda each: (each[0], each[1], round(each[1] * each[2]))
    ),
    max_size=12,
)


@st.composite
def groups(draw):
    count = draw(st.integers(1, 20))
    # A credit is less than nothing.
    amount = draw(st.integers(0, 10_000)) * draw(st.sampled_from([1, 1, 1, -1]))
    part = st.integers(min(0, amount), max(0, amount))
    won = draw(st.integers(0, count))
    return Group(
        draw(st.integers(1, 2)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([0, 20, 50, 100])),
        count,
        amount,
        # Between all alike and one that is everything
        draw(st.floats(amount**2 / count, amount**2)),
        draw(part),
        draw(part),
        won,
        draw(part) if won else 0,
    )


WINDOWS = st.lists(
    st.builds(
        Past,
        st.none(),
        st.lists(groups(), max_size=5).map(tuple),
        st.one_of(st.none(), st.integers(0, 10_000)),
    ),
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestOutlookArithmetic(BaseCase):
    """The arithmetic holds whatever the past was."""

    def test_doctests(self):
        for module in (outlook, outlook_range, recalibration):
            self.assertEqual(doctest.testmod(module).failed, 0, module)

    @settings(deadline=None)
    @given(OBSERVATIONS)
    def test_recalibration(self, observations):
        """Chances rise with the percentage, and are right on the whole."""
        fitted = recalibration.recalibrate(observations)
        if not fitted:
            return
        chances = [fitted.get_chance(percent) for percent in range(101)]
        self.assertTrue(all(0 <= chance <= 1 for chance in chances))
        self.assertTrue(all(low <= high for low, high in pairwise(chances)))
        count = sum(each[1] for each in observations)
        won = sum(each[2] for each in observations)
        # Platt's smoothed targets
        told = won * (won + 1) / (won + 2) + (count - won) / (count - won + 2)
        expected = sum(
            number * chances[percent] for percent, number, _won in observations
        )
        self.assertAlmostEqual(expected, told, delta=0.01 * count)

    @settings(deadline=None)
    @given(st.lists(st.floats(0, 100), min_size=4, max_size=40))
    def test_factor(self, scores):
        """As many lie below it as were asked for, and not one more than that."""
        factor = outlook_range.get_factor(scores)
        below = sum(score < factor for score in scores)
        upto = sum(score <= factor for score in scores)
        rank = 0.8 * (len(scores) + 1)
        self.assertLessEqual(below, rank)
        self.assertGreaterEqual(upto, int(round(rank, 9)))

    @given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1000)), max_size=8))
    def test_variance(self, deals):
        """Of independent deals, by all that can happen."""
        outcomes = [(0, 1.0)]
        for chance, amount in deals:
            outcomes = [
                (value + won * amount, weight * (chance if won else 1 - chance))
                for value, weight in outcomes
                for won in (0, 1)
            ]
        mean = sum(value * weight for value, weight in outcomes)
        expected = sum((value - mean) ** 2 * weight for value, weight in outcomes)
        found = sum(
            outlook_range.get_variance(chance, amount**2) for chance, amount in deals
        )
        self.assertAlmostEqual(found, expected, delta=1e-6 * max(1, expected))

    @settings(deadline=None)
    @given(
        st.lists(
            st.builds(
                Error, st.floats(-1e4, 1e4), st.floats(1, 1e6), st.floats(0, 1e8)
            ),
            max_size=12,
        )
    )
    def test_swing(self, errors):
        """No swing is below none; larger errors make no smaller one, and those of a
        window that is all chance tell nothing."""
        swing = outlook_range.get_swing(errors)
        self.assertLessEqual(0, swing)
        larger = [error._replace(value=2 * error.value) for error in errors]
        self.assertLessEqual(swing, outlook_range.get_swing(larger) + 1e-9)
        noise = Error(1e4, 1e6, 0.0)
        self.assertEqual(outlook_range.get_swing([*errors, noise]), swing)
        spread = outlook_range.get_spread(10.0, 20.0, swing)
        self.assertLessEqual(10, spread)

    def test_swing_of_simulated_windows(self):
        """It finds the swing that errors were made with, within what 4,000 tell."""
        random = Random(7)
        for swing in (0.0, 0.1, 0.3):
            errors = [
                Error(random.gauss(0, sqrt(9 + 100 * swing**2)), 9.0, 100.0)
                for _number in range(4000)
            ]
            found = outlook_range.get_swing(errors)
            self.assertAlmostEqual(found, swing**2, delta=0.015)

    @settings(deadline=None)
    @given(WINDOWS, st.lists(groups(), max_size=5))
    def test_bounds(self, past, present):
        """A forecast lies in its range, and that between nothing and everything."""
        test = Backtest(past)
        least, most = outlook.get_bounds(present)
        for method, forecast in foresee(test.learning, present, None).items():
            bounds = test.get_range(method, forecast, (least, most))
            if bounds:
                low, high = bounds
                self.assertLessEqual(least, low + 1e-6)
                self.assertLessEqual(low, forecast.value + 1e-6)
                self.assertLessEqual(forecast.value, high + 1e-6)
                self.assertLessEqual(high, most + 1e-6)
        for method in outlook.METHODS:
            self.assertLessEqual(0, test.get_error(method) or 0)
        is_known = any(window.groups for window in past)
        if present:
            chance = test.learning.get_chance(1, 1)
            self.assertEqual(chance is not None, is_known)

    @settings(deadline=None)
    @given(WINDOWS, st.lists(groups(), max_size=5))
    def test_variance_of_all_stages(self, past, present):
        """It lies between that of stages whose pipeline's chance is right, or errs both
        ways with a credit, and that of stages that are all wrong together."""
        learning = Learning([window for window in past if window.groups])
        stages = outlook.foresee_stages(learning, present)
        found = foresee(learning, present, None)["stage_window"]
        if not stages:
            return
        least = sum(each.variance - each.lean**2 for each in stages.values())
        most = sum(sqrt(each.variance) for each in stages.values()) ** 2
        self.assertLessEqual(least * (1 - 1e-9), found.variance)
        self.assertLessEqual(found.variance, most * (1 + 1e-9))
        for each in stages.values():
            self.assertLessEqual(each.lean**2, each.variance * (1 + 1e-9))

    @settings(deadline=None)
    @given(WINDOWS)
    def test_backtest(self, past):
        """Forecasting the past does not look into its future."""
        test = Backtest(past)
        for number, window in enumerate(past):
            told = foresee(Learning(past[:number]), window.groups, window.last_year)
            for method, pairs in test.pairs.items():
                value = told[method].value if window.groups else None
                self.assertEqual(pairs.get(number, (None,))[0], value)
        for method, errors in test.errors.items():
            self.assertLessEqual(len(errors), len(test.pairs[method]))
            self.assertLessEqual(len(test.held[method]), len(test.pairs[method]))
        best = test.get_best()
        if best:
            self.assertGreaterEqual(len(test.pairs[outlook.USUAL]), 4)
            # Nothing that is shown beside it, of as many windows, is better.
            count = len(test.get_pairs(best))
            for method in outlook.METHODS:
                if len(test.get_pairs(method)) == count:
                    self.assertLessEqual(test.get_error(best), test.get_error(method))

    def test_best(self):
        """All are measured over the windows that the usual one could forecast."""

        def make(won):
            return Past(None, (Group(1, 1, 50, 10, 100, 1000, 0, 50, won, 10 * won),))

        self.assertIsNone(Backtest([make(3)] * 4).get_best())
        self.assertEqual(Backtest([make(3)] * 5).get_best(), "stage_window")
        self.assertEqual(Backtest([make(5)] * 5).get_best(), "stage_window")
        self.assertEqual(Backtest([make(0)] + [make(5)] * 4).get_best(), "own")

    def test_before_there_are_errors(self):
        """The range is that of a normal sum, wider for what is not known of the chance
        and of its pipeline's, and for the usual swing of this window and of the one
        that is learned from."""
        present = (Group(1, 1, 50, 10, 100, 1000, 0, 50),)
        test = Backtest([Past(None, (present[0]._replace(won=5, won_amount=50),))])
        forecast = foresee(test.learning, present, None)["stage_window"]
        self.assertAlmostEqual(forecast.value, 50)
        low, high = test.get_range("stage_window", forecast, (0, 100))
        weight = outlook.WEIGHT
        spread = sqrt(
            0.25 * (1000 + 100**2 / (10 + weight + 1))
            + 0.25 * (100 * weight / (10 + weight)) ** 2 / (10 + 1)
            + 2 * 0.1**2 * 50**2
        )
        self.assertAlmostEqual((high - low) / 2, outlook_range.NORMAL * spread)
        self.assertIsNone(test.get_range("own", forecast, (0, 100)))
