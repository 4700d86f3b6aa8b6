"""Odoo's own tests of crm, sales_team and sale_crm pass with our addons installed."""

import re

import pytest
from odoo_setup import browser, console, odoo_app
from odoo_setup.bench import STOCK
from odoo_setup.checkout import ADDONS

SUITES = "/crm,/sales_team,/sale_crm"
AT_LEAST = 160
FLAKY = "TestUi.test_03_crm_tour_forecast"  # 3 times of 19, in plain Odoo too


def run_odoo_tests(bench, database, tags, *arguments):
    """Run Odoo's own test runner; return the names of what failed, and its log."""
    try:
        log = bench.app.run(
            *("--database", database, "--stop-after-init", "--max-cron-threads", "0"),
            *("--http-port", str(odoo_app.free_port()), "--test-tags", tags),
            *arguments,
        )
    except console.CommandFailed as failed:
        log = failed.output
    failed = re.findall(r" (?:FAIL|ERROR): (?:Subtest )?(.+)", log)
    return {name.split(" ")[0] for name in failed}, log


@pytest.mark.skipif(not browser.find(), reason=browser.MISSING)
def test_stock_suites(bench):
    """Tests that run at installation want a database that is being installed."""
    database = bench.temporary_name()
    bench.create(database)
    try:
        modules = ",".join((*STOCK, *ADDONS))
        failed, log = run_odoo_tests(bench, database, SUITES, "--init", modules)
        results = re.findall(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", log)
        assert results, log[-3000:]
        assert int(results[-1][2]) >= AT_LEAST, results
        if failed == {FLAKY}:
            failed, log = run_odoo_tests(bench, database, f"/crm:{FLAKY}")
            results = re.findall(r"(\d+) failed, (\d+) error\(s\)", log)
        assert not failed and results[-1][:2] == ("0", "0"), explain(log)
    finally:
        bench.drop(database)


def explain(log):
    """The errors in a log, with their tracebacks."""
    entries = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d )", log)
    return "\n".join(entry for entry in entries if " ERROR " in entry)[-10000:]
