"""A server that is killed in the middle of a job: nothing doubled, nothing lost."""

import time

import pytest
from odoo_rpc import Session, race

PATIENCE_S = 120

PREPARE = """
admin = env.ref('base.user_admin')
admin.email = 'admin@example.com'
env['crm.lead'].create([
    {'name': f'Deal {number}', 'type': 'opportunity', 'user_id': admin.id,
     'expected_revenue': 100, 'date_deadline': '2020-01-01'}
    for number in range(300)
])
campaign = env['sales.campaign'].create({
    'title': 'Killed', 'date_start': '2019-01-01', 'date_end': '2020-01-01'})
env['sales.campaign.goal'].create([
    {'name': f'Goal {number}', 'campaign_id': campaign.id, 'counting': 'manual',
     'target': 5}
    for number in range(50)
])
env['crm.workbook'].create([
    {'name': f'Workbook {number}', 'user_id': admin.id, 'filters': {}}
    for number in range(3)
])
gold = env['res.partner.category'].create({'name': 'Gold'})
env['res.partner'].create([
    {'name': f'Customer {number}', 'is_company': True, 'category_id': gold.ids,
     'user_id': admin.id}
    for number in range(100)
])
env['crm.visit.plan'].create({'name': 'Gold', 'category_id': gold.id})
env['res.company'].search([]).write({'neglected_deals_frequency': 'daily'})
env.cr.commit()
data = env['ir.model.data'].search([
    ('module', 'in', ('sales_pipeline_plus', 'sales_campaign_goals')),
    ('model', '=', 'ir.cron')])
print(dict(zip(data.mapped('name'), data.mapped('res_id'))))
"""

# What a job must not make twice, by what makes it one.
ONCE = {
    "crm_forecast_snapshot": "lead_id, date",
    "sales_campaign_goal_snapshot": "goal_id, date",
    "sales_campaign_reminder": "campaign_id, goal_id, kind, day",
    "crm_neglected_mail": "user_id, company_id, date_from",
    "crm_visit": "plan_id, partner_id",
    "crm_pipeline_rule_log": "rule_id, lead_id, occurrence",
}
# How many of them there are in the end.
EXPECTED = {"crm_forecast_snapshot": 300, "sales_campaign_goal_snapshot": 50}


@pytest.fixture(scope="module")
def jobs(odoo_database, odoo_cli):
    database = odoo_database("addons")
    crons = eval(odoo_cli.shell(database, PREPARE))  # noqa: S307 (our own print)
    return database, crons


def _start_job(session, cron_id):
    """Run a job and do not mind that its server goes away."""
    try:
        session.call("ir.cron", "method_direct_trigger", [cron_id])
    except OSError:
        return


def _kill_while_busy(server, database):
    """Kill the server as soon as a transaction of its has written something."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if database.query(
            """SELECT 1 FROM pg_stat_activity
                WHERE datname = %s AND backend_xid IS NOT NULL
                  AND pid <> pg_backend_pid()""",
            [str(database)],
        ):
            break
    server.process.kill()
    server.process.wait(PATIENCE_S)


@pytest.mark.full
def test_killed_jobs(jobs, odoo_server):
    """Each job is killed once in the middle, then runs to its end, twice."""
    database, crons = jobs
    for cron_id in crons.values():
        server = odoo_server(database)
        session = Session(server.url, database, "admin")
        race(
            lambda session=session, cron_id=cron_id: _start_job(session, cron_id),
            lambda server=server: _kill_while_busy(server, database),
        )
    server = odoo_server(database)
    session = Session(server.url, database, "admin")
    for cron_id in [*crons.values(), *crons.values()]:
        session.call("ir.cron", "method_direct_trigger", [cron_id])
    server.stop()
    for table, key in ONCE.items():
        doubled = database.query(
            f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1"
        )
        assert not doubled, table
    for table, count in EXPECTED.items():
        assert database.query(f"SELECT count(*) FROM {table}") == [(count,)], table
    assert database.query("SELECT DISTINCT state FROM crm_workbook") == [("done",)]
