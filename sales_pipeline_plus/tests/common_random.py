import os

IS_FULL = bool(os.environ.get("SALES_TEST_FULL"))


def examples(few, many):
    """How many random examples a test tries: many with ``./setup/test --full``."""
    return many if IS_FULL else few
