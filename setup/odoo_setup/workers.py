"""A plugin of pytest: each worker of pytest-xdist has a database of its own.

pytest-odoo would copy it with ``createdb``, which is not everywhere, and share its
attachments. Here it is a clone as all others are, which goes with the worker.
"""

import contextlib
import os

import pytest_odoo

import odoo
from odoo.tests.common import get_db_name

from .bench import Bench
from .checkout import Checkout


@contextlib.contextmanager
def _database():
    """Yield the name of the database of this process."""
    template = get_db_name()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield template
        return
    with Bench.open(Checkout.here()) as bench:
        name = bench.temporary_name()
        bench.clone(template, name)
        odoo.tools.config["db_name"] = [name]
        try:
            yield name
        finally:
            odoo.sql_db.close_db(name)
            bench.drop(name)


def pytest_configure():
    """Put it in the place of pytest-odoo's own."""
    pytest_odoo._worker_db_name = _database
