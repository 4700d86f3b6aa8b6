"""A plugin of pytest: how long a test takes is measured by a clock that never stands.

Without it freezegun replaces pytest's own clock as well, and a class that freezes time
in its set-up seems to have taken fifty years.
"""

import freezegun


def pytest_configure():
    """Leave pytest's clock out of what is frozen."""
    freezegun.configure(extend_ignore_list=["_pytest.timing"])
