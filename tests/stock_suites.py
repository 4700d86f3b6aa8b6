"""A plugin of pytest for Odoo's own tests, run with our addons loaded."""

import pytest

# Only what hangs is given up.
PATIENCE_S = 300


@pytest.fixture(scope="session", autouse=True)
def start_follows_creation():
    """One of them moves the creation of a deal by SQL, which moves nothing else: its
    start, from which we count, goes along."""
    from odoo.addons.crm.tests import test_crm_rainbowman

    case = test_crm_rainbowman.TestCrmLeadRainbowmanMessages
    move = case._update_create_date

    def move_both(self, lead, date):
        move(self, lead, date)
        self.env.cr.execute(
            "UPDATE crm_lead SET date_start = create_date WHERE id = %s", [lead.id]
        )
        lead.invalidate_recordset(["date_start"])

    case._update_create_date = move_both
    yield
    case._update_create_date = move


@pytest.fixture(scope="session", autouse=True)
def patient_tours():
    """A busy machine makes no tour fail."""
    from odoo.tests import HttpCase

    run = HttpCase.browser_js

    def run_patiently(self, url_path, code, *arguments, timeout=60, **options):
        timeout = max(timeout, PATIENCE_S)
        return run(self, url_path, code, *arguments, timeout=timeout, **options)

    HttpCase.browser_js = run_patiently
    yield
    HttpCase.browser_js = run
