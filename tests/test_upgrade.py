"""From the first version, as its users have it, to this one.

The version comes out of this repository's own history: nothing is downloaded, and no
dump has to be kept. In a shallow clone, without history, the test is skipped.
"""

import io
import subprocess
import tarfile

import pytest

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
# The last state of 19.0.1.0.0 with its models in one folder.
FIRST_VERSION = "62bbef0d7df3622a64c8e0af39044047c6703dbf"

USED = """
env = env(user=env.ref('base.user_admin'))
pipeline = env['crm.pipeline'].search([], limit=1)
deals = env['crm.lead'].create([
    {'name': f'Old {number}', 'type': 'opportunity', 'expected_revenue': 100 + number,
     'pipeline_id': pipeline.id, 'date_deadline': '2026-01-31'}
    for number in range(20)])
for deal in deals[:5]:
    deal.action_set_won()
deals[5:8].action_set_lost()
deals[8].probability = 33
campaign = env['sales.campaign'].create({'title': 'Old campaign'})
goal = env['sales.campaign.goal'].create({
    'name': 'Old goal', 'campaign_id': campaign.id, 'counting': 'manual', 'target': 9})
goal.action_increment()
deals[:3].sales_campaign_ids = campaign.ids
env['crm.forecast.snapshot'].sudo()._cron_take_snapshots()
env['crm.workbook'].sudo().create({'name': 'Old workbook', 'user_id': env.uid})
env.cr.commit()
"""

# What a user would notice.
FACTS = {
    "deals": """SELECT id, name, probability, pipeline_id, pipeline_stage_id,
                       won_status, expected_revenue, date_deadline
                  FROM crm_lead ORDER BY id""",
    "stays": """SELECT lead_id, stage_id, date_in, date_out
                  FROM crm_lead_passage ORDER BY id""",
    "lines": """SELECT pipeline_id, stage_id, sequence, probability
                  FROM crm_pipeline_stage ORDER BY id""",
    "goals": "SELECT id, target, manual_count FROM sales_campaign_goal ORDER BY id",
    "snapshots": """SELECT lead_id, date, amount, probability
                      FROM crm_forecast_snapshot ORDER BY id""",
    "workbooks": "SELECT id, name, state FROM crm_workbook ORDER BY id",
}


@pytest.fixture
def first_version(bench, tmp_path):
    """The addons path with the addons of the first version."""
    archive = subprocess.run(
        ["git", "archive", FIRST_VERSION, *ADDONS],
        cwd=bench.checkout.root,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip("the history of this clone does not reach to the first version")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path, filter="data")
    return ",".join(map(str, [*bench.app.odoo.addons_paths, tmp_path]))


@pytest.mark.full
def test_upgrade_from_the_first_version(first_version, odoo_database, odoo_cli, bench):
    database = odoo_database("bare")
    odoo_cli(
        *(database, "--addons-path", first_version, "--no-http"),
        *("--init", ",".join(ADDONS), "--stop-after-init"),
    )
    config = bench.checkout.state / f"{database}.conf"
    kept = bench.app.config
    text = kept.read_text().splitlines(keepends=True)
    config.write_text(
        "".join(
            f"addons_path = {first_version}\n" if "addons_path" in line else line
            for line in text
        )
    )
    try:
        bench.app.config = config
        odoo_cli.shell(database, USED)
    finally:
        bench.app.config = kept
        config.unlink()
    before = {name: database.query(statement) for name, statement in FACTS.items()}
    assert len(before["deals"]) == 20
    odoo_cli.upgrade(database, *ADDONS)
    for name, statement in FACTS.items():
        assert database.query(statement) == before[name], name
