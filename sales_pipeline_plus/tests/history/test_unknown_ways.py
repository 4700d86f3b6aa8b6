import doctest
import unittest

from odoo.tests import BaseCase, tagged

from ...models.history import (
    file_cells,
    file_text,
    file_values,
    history_file,
    import_words,
    stays,
)

try:
    from hypothesis import given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

FACTS = st.none() | st.integers(min_value=0, max_value=9)
CHANGES = st.lists(
    st.builds(
        stays.Change,
        moment=st.integers(min_value=0, max_value=20),
        stage=st.none() | st.integers(min_value=1, max_value=4),
        status=st.sampled_from([None, None, "lost", "open"]),
        amount=FACTS,
        deadline=FACTS,
    ),
    max_size=12,
).map(lambda changes: sorted(changes, key=lambda change: change.moment))


def get_stage(changes, moment):
    """Return where a deal is at a moment, the long way; None: not open, or unknown."""
    stage = last = None
    for change in changes:
        if change.moment > moment:
            break
        if change.status == "lost":
            stage = None
        elif change.stage:
            stage = last = change.stage
        elif change.status == "open" and stage is None:
            stage = last
    return stage


def get_amount(changes, moment):
    known = [
        change.amount
        for change in changes
        if change.moment <= moment and change.amount is not None
    ]
    return known[-1] if known else None


@tagged("-at_install", "post_install")
class TestStays(BaseCase):
    """The arithmetic of an imported history against a plain one."""

    def test_doctests(self):
        for module in (
            file_cells,
            file_text,
            file_values,
            history_file,
            import_words,
            stays,
        ):
            self.assertEqual(doctest.testmod(module).failed, 0)

    @settings(max_examples=300, deadline=None)
    @given(CHANGES)
    def test_against_a_plain_history(self, changes):
        found = stays.get_stays(changes)
        moments = list(range(22))
        states = {
            moment: (stage, facts["amount"])
            for moment, stage, facts in stays.get_states(changes, found, moments)
        }
        for moment in moments:
            stage = get_stage(changes, moment)
            expected = (stage, get_amount(changes, moment)) if stage else None
            self.assertEqual(states.get(moment), expected, (changes, moment))

    @settings(max_examples=300, deadline=None)
    @given(CHANGES)
    def test_stays_follow_each_other(self, changes):
        found = stays.get_stays(changes)
        for stay, following in zip(found, found[1:], strict=False):
            self.assertIsNotNone(stay.end)
            self.assertLessEqual(stay.start, stay.end)
            self.assertLessEqual(stay.end, following.start)
            if stay.ending == "moved":
                self.assertEqual(stay.end, following.start)
                self.assertNotEqual(stay.stage, following.stage)
