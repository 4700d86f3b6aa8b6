"""How long a test takes is what has passed, whatever day it believes it is."""

from _pytest import timing
from freezegun import freeze_time

LONG_S = 3600


def test_frozen_time_is_no_duration():
    start = timing.Instant()
    with freeze_time("2020-01-01"):
        duration = start.elapsed()
    assert 0 <= duration.seconds < LONG_S
    assert 0 <= duration.stop.time - duration.start.time < LONG_S
