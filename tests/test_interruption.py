"""A server, or its database, stops in the middle: nothing doubled, nothing lost."""

import time
from urllib.error import URLError

import pytest
from odoo_rpc import RpcError, Session, race
from odoo_setup.postgres import EmbeddedServer

PATIENCE_S = 120
RESTARTS = 5

# So many that they go on in the background, in several batches.
MOVED, IMPORTED = 600, 250

PREPARE = """
from base64 import b64encode
from datetime import date, timedelta
admin = env.ref('base.user_admin')
admin.email = 'admin@example.com'
env = env(user=admin)
pipeline = env['crm.pipeline'].search([], limit=1)
stages = pipeline.pipeline_stage_ids.stage_id
other = pipeline.copy({'name': 'Other'})
colleague = env['res.users'].create({
    'name': 'Colleague', 'login': 'colleague', 'email': 'colleague@example.com',
    'group_ids': env.ref('sales_team.group_sale_salesman').ids})
def deals(name, count):
    return env['crm.lead'].create([
        {'name': f'{name} {number}', 'type': 'opportunity', 'user_id': admin.id,
         'pipeline_id': pipeline.id, 'stage_id': stages[0].id,
         'expected_revenue': 100, 'date_deadline': date.today() - timedelta(1),
         'date_start': '2020-01-01'}
        for number in range(count)
    ])
env['crm.pipeline.rule'].create({
    'name': 'Call back', 'pipeline_id': pipeline.id, 'event': 'decision_passed',
    'activity_type_id': env.ref('mail.mail_activity_data_call').id})
deals('Deal', 100)
move = env['crm.pipeline.move'].create({
    'lead_ids': deals('Moved', MOVED).ids, 'pipeline_id': other.id})
move.action_move()
hand_over = env['crm.lead.hand.over'].create({
    'lead_ids': deals('Handed', MOVED).ids, 'user_id': colleague.id})
hand_over.action_move()
rows = ''.join(
    f'{deal.name},{stages[1].name},5,2025-09-01\\n'
    for deal in deals('Imported', IMPORTED))
history = env['crm.history.import'].create({
    'file': b64encode(('Deal Name,Stage,Amount,Date\\n' + rows).encode()),
    'file_name': 'history.csv', 'date_order': 'ymd'})
history.action_preview()
history.action_import()
assert {move.state, hand_over.state, history.state} == {'running'}
env = env(user=1)
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
EXPECTED = {
    "sales_campaign_goal_snapshot": 50,
    "crm_lead_change": IMPORTED,
}
# How many deals are as the jobs leave them.
DONE = {
    "name LIKE 'Moved %%' AND pipeline_id = (SELECT max(id) FROM crm_pipeline)": MOVED,
    "name LIKE 'Handed %%' AND user_id = (SELECT max(id) FROM res_users)": MOVED,
}


@pytest.fixture(scope="module")
def jobs(odoo_database, odoo_cli):
    database = odoo_database("addons")
    numbers = f"MOVED, IMPORTED = {MOVED}, {IMPORTED}"
    crons = eval(odoo_cli.shell(database, numbers + PREPARE))  # noqa: S307 (our own print)
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


def _check(database):
    for table, key in ONCE.items():
        doubled = database.query(
            f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1"
        )
        assert not doubled, table
    for table, count in EXPECTED.items():
        assert database.query(f"SELECT count(*) FROM {table}") == [(count,)], table
    for condition, count in DONE.items():
        found = database.query(f"SELECT count(*) FROM crm_lead WHERE {condition}", [])
        assert found == [(count,)], condition
    assert database.query("SELECT DISTINCT state FROM crm_workbook") == [("done",)]
    for table in ("crm_pipeline_move", "crm_lead_hand_over", "crm_history_import"):
        assert database.query(f"SELECT state FROM {table}") == [("done",)], table
    # Each open deal has one open stay, in its stage.
    assert not database.query(
        """SELECT lead.id FROM crm_lead AS lead
        LEFT JOIN crm_lead_passage AS stay
               ON stay.lead_id = lead.id AND stay.date_out IS NULL
              AND stay.stage_id = lead.stage_id AND stay.pipeline_id = lead.pipeline_id
            WHERE lead.type = 'opportunity'
         GROUP BY lead.id HAVING count(stay.id) <> 1"""
    )


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
    _check(database)


@pytest.mark.full
def test_database_restarted_under_load(jobs, odoo_server, bench):
    """What was answered is kept, once; what was not is there as a whole or not at all.

    Users press, move deals and start jobs while PostgreSQL is restarted, several times.
    """
    if not isinstance(bench.server, EmbeddedServer):
        pytest.skip("your own database server is not restarted")
    database, crons = jobs
    [(goal_id,)] = database.query("SELECT min(id) FROM sales_campaign_goal")
    stages = [
        row[0]
        for row in database.query(
            """SELECT stage_id FROM crm_pipeline_stage AS line JOIN crm_stage AS stage
                   ON stage.id = stage_id AND NOT is_won
                WHERE line.pipeline_id = (SELECT min(id) FROM crm_pipeline)
             ORDER BY line.sequence"""
        )
    ]
    deals = [
        row[0]
        for row in database.query("SELECT id FROM crm_lead WHERE name LIKE 'Deal %'")
    ]
    server = odoo_server(database, "--db_maxconn", "32")
    answers = {True: 0, False: 0}
    over = []

    # All are logged in before the first restart.
    sessions = [Session(server.url, database, "admin") for _ in range(3)]

    def work(call):
        session = sessions.pop()
        number = 0
        while not over:
            number += 1
            try:
                call(session, number)
            except (RpcError, URLError, OSError):
                yield False
            else:
                yield True

    def press():
        for is_done in work(
            lambda session, _number: session.call(
                "sales.campaign.goal", "action_increment", [goal_id]
            )
        ):
            answers[is_done] += 1

    def move():
        list(
            work(
                lambda session, number: session.call(
                    "crm.lead", "write", deals, {"stage_id": stages[number % 2]}
                )
            )
        )

    def run_jobs():
        ids = list(crons.values())
        list(
            work(
                lambda session, number: session.call(
                    "ir.cron", "method_direct_trigger", [ids[number % len(ids)]]
                )
            )
        )

    def restart():
        for _ in range(RESTARTS):
            aim = answers[True] + 5
            end = time.monotonic() + PATIENCE_S
            while answers[True] < aim and time.monotonic() < end:
                time.sleep(0.05)
            bench.server.restart()
        over.append(True)

    race(press, move, run_jobs, restart)
    [(count, entries)] = database.query(
        """SELECT manual_count, (SELECT sum(change) FROM sales_campaign_goal_entry
                                  WHERE goal_id = goal.id)
             FROM sales_campaign_goal AS goal WHERE id = %s""",
        [goal_id],
    )
    assert answers[True] >= 5 * RESTARTS
    assert count == entries
    assert answers[True] <= count <= sum(answers.values()), answers
    session = Session(server.url, database, "admin")
    for cron_id in crons.values():
        session.call("ir.cron", "method_direct_trigger", [cron_id])
    server.stop()
    _check(database)
