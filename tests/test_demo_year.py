"""The demo data look like a company's year: no figure of a past month is empty."""

import json
from statistics import median

import pytest

CODES = (
    "created_count",
    "won_count",
    "lost_count",
    "open_count",
    "late_count",
    "activity_count",
    "meeting_count",
    "quotation_count",
    "effort_hours",
    "stage_days",
    "forecast_error",
)
SCRIPT = f"""
import json
from dateutil.relativedelta import relativedelta
from odoo import fields
kpi = env["crm.kpi"].with_user(env.ref("base.user_admin"))
first = fields.Date.today().replace(day=1)
months = []
for ago in range(11, 0, -1):
    start = first - relativedelta(months=ago)
    end = start + relativedelta(months=1, days=-1)
    period = {{"start": str(start), "end": str(end)}}
    values = kpi.get_figures({{"period": period}}, {list(CODES)})["values"]
    months.append({{code: cells[0]["value"] for code, cells in values.items()}})
print("YEAR", json.dumps(months))
"""


@pytest.fixture(scope="module")
def months(odoo_database, odoo_cli):
    """The figures of the eleven months that are over, oldest first."""
    output = odoo_cli.shell(odoo_database("addons_demo"), SCRIPT)
    (line,) = [line for line in output.splitlines() if line.startswith("YEAR ")]
    return json.loads(line.removeprefix("YEAR "))


def test_something_happened_in_each_month(months):
    for month in months:
        for code in set(CODES) - {"late_count", "forecast_error"}:
            assert month[code], (code, month)


def test_some_decision_dates_had_passed(months):
    late = [month["late_count"] / month["open_count"] for month in months]
    assert sum(share > 0 for share in late) >= 8, late
    assert max(late) < 0.5, late


def test_forecasts_were_of_some_use(months):
    errors = [month["forecast_error"] for month in months]
    known = [error for error in errors if error is not None]
    assert len(known) >= 8, errors
    assert median(known) < 150, errors
