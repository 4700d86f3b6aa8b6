"""A server, or its database, stops in the middle: nothing doubled, nothing lost."""

import contextlib
import itertools
import time
from collections import Counter
from functools import partial
from http.client import HTTPException

import pytest
from odoo_rpc import RpcError, Session, race
from odoo_setup.postgres import EmbeddedServer

# Far more than it takes: only a server that hangs is given up.
PATIENCE_S = 900
RESTARTS = 5

# So many that they go on in the background, in several batches.
SIZES = {"MOVED": 600, "IMPORTED": 250, "CUSTOMERS": 100, "WORKBOOKS": 3}

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
pipeline.pipeline_stage_ids[0].limit_days = 1
env.flush_all()
env.cr.execute("UPDATE crm_lead SET date_last_stage_update = '2020-01-01'")
env.invalidate_all()
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
env['sales.campaign'].create({
    'title': 'Reminded', 'date_end': date.today() + timedelta(3),
    'user_id': admin.id})
env['crm.workbook'].create([
    {'name': f'Workbook {number}', 'user_id': admin.id, 'filters': {}}
    for number in range(WORKBOOKS)
])
gold = env['res.partner.category'].create({'name': 'Gold'})
env['res.partner'].create([
    {'name': f'Customer {number}', 'is_company': True, 'category_id': gold.ids,
     'user_id': admin.id}
    for number in range(CUSTOMERS)
])
# So many a day that all find their time within the weeks that a plan looks ahead.
env['crm.visit.plan'].create({
    'name': 'Gold', 'category_id': gold.id, 'daily_limit': 8})
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
    "crm_lead_change": SIZES["IMPORTED"],
    "crm_visit": SIZES["CUSTOMERS"],
    "sales_campaign_reminder": 1,
    "mail_message WHERE subject LIKE 'Opportunities out of standard%%'": 1,
    "mail_message WHERE subject = 'Opportunities moved to “Other”'": 1,
    "mail_message WHERE subject = 'Opportunities handed over to “Colleague”'": 1,
    "mail_message WHERE subject = 'History imported'": 1,
    "mail_message WHERE subject LIKE 'Workbook %%'": SIZES["WORKBOOKS"],
}
# How many deals are as the jobs leave them.
DONE = {
    "name LIKE 'Moved %%' AND pipeline_id = (SELECT max(id) FROM crm_pipeline)": SIZES[
        "MOVED"
    ],
    "name LIKE 'Handed %%' AND user_id = (SELECT max(id) FROM res_users)": SIZES[
        "MOVED"
    ],
}
# What each entry in a log stands for is there, once for each.
MADE = (
    ("crm_visit", "mail_activity WHERE summary LIKE 'Gold%%'"),
    ("crm_visit", "calendar_event WHERE name LIKE 'Gold: %%'"),
    ("sales_campaign_reminder", "mail_activity WHERE res_model = 'sales.campaign'"),
    (
        "crm_pipeline_rule_log WHERE state = 'planned'",
        "mail_activity WHERE res_model = 'crm.lead'",
    ),
    (
        "crm_neglected_mail WHERE deal_count > 0",
        "mail_mail JOIN mail_message AS message ON message.id = mail_message_id"
        " WHERE subject LIKE 'Neglected opportunities%%'",
    ),
)


@pytest.fixture(scope="module")
def jobs(odoo_database, odoo_cli):
    database = odoo_database("addons")
    prepare = f"globals().update({SIZES}){PREPARE}"
    crons = eval(odoo_cli.shell(database, prepare))  # noqa: S307 (our own print)
    return database, crons


# In the middle of a job: what it writes after so much was done waits for a lock. Odoo
# starts a job again every 10 seconds, and counts what was done from 0 each time.
STOP_JOBS = """
CREATE TABLE stop_jobs_at (done integer);
CREATE FUNCTION stop_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(done) FROM ir_cron_progress WHERE cron_id =
               (SELECT cron_id FROM ir_cron_progress ORDER BY id DESC LIMIT 1))
       >= (SELECT done FROM stop_jobs_at) THEN
        PERFORM pg_advisory_xact_lock_shared(1);
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT relname FROM pg_class
                 WHERE relkind = 'r' AND relname ~ '^(crm|sales)_' LOOP
        EXECUTE format('CREATE TRIGGER stop_job AFTER INSERT OR UPDATE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION stop_job()', name);
    END LOOP;
END $$
"""
# The triggers go with their function.
LET_JOBS_GO = "DROP FUNCTION stop_job CASCADE; DROP TABLE stop_jobs_at"
# These have batches that are committed one by one: the second one is interrupted.
IN_BATCHES = {
    "ir_cron_history_import",
    "ir_cron_pipeline_move",
    "ir_cron_pipeline_rule",
    "ir_cron_workbook",
}


def _start_job(session, cron_id, answers):
    """Run a job and do not mind that its server goes away."""
    try:
        with contextlib.suppress(OSError, HTTPException):
            session.call("ir.cron", "method_direct_trigger", [cron_id])
    finally:
        answers.append(cron_id)


def _kill_in_the_middle(server, database, answers):
    """Kill the server when its job has written something and not committed it.

    :return: whether it came to that before the job was done
    """
    while not answers and not database.query(
        """SELECT 1 FROM pg_stat_activity
            WHERE datname = %s AND wait_event = 'advisory'""",
        [str(database)],
    ):
        time.sleep(0.02)
    is_in_the_middle = not answers
    server.process.kill()
    server.process.wait(PATIENCE_S)
    return is_in_the_middle


def _wait_until_left(database):
    """Wait until PostgreSQL has undone what a killed server was about."""
    end = time.monotonic() + PATIENCE_S
    while database.query(
        """SELECT 1 FROM pg_stat_activity
            WHERE datname = %s AND backend_type = 'client backend'
              AND pid <> pg_backend_pid()""",
        [str(database)],
    ):
        assert time.monotonic() < end
        time.sleep(0.02)


def _log_in(server, database):
    """Log in, again if the database was just restarted, as a user would.

    Odoo's own answer to a request that meets the restart is an error.
    """
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Session(server.url, database, "admin")
        except (RpcError, OSError, HTTPException):
            if time.monotonic() > end:
                raise


def _check(database):
    for table, key in ONCE.items():
        doubled = database.query(
            f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1"
        )
        assert not doubled, table
    for table, count in EXPECTED.items():
        found = database.query(f"SELECT count(*) FROM {table}", [])
        assert found == [(count,)], table
    for condition, count in DONE.items():
        found = database.query(f"SELECT count(*) FROM crm_lead WHERE {condition}", [])
        assert found == [(count,)], condition
    for entries, made in MADE:
        [counts] = database.query(
            f"SELECT (SELECT count(*) FROM {entries}), (SELECT count(*) FROM {made})",
            [],
        )
        assert counts[0] == counts[1] > 0, (entries, counts)
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
def test_killed_jobs(jobs, odoo_server, bench):
    """Each job is killed once in the middle, then runs to its end, twice."""
    database, crons = jobs
    database.query(STOP_JOBS)
    for name, cron_id in crons.items():
        server = odoo_server(database)
        session = Session(server.url, database, "admin")
        done = int(name in IN_BATCHES)
        database.query("INSERT INTO stop_jobs_at VALUES (%s)", [done])
        answers = []
        with bench.server.cursor(database) as cr:
            cr.execute("SELECT pg_advisory_lock(1)")
            _none, is_killed = race(
                partial(_start_job, session, cron_id, answers),
                partial(_kill_in_the_middle, server, database, answers),
            )
        assert is_killed, f"{name} was done before it could be killed"
        _wait_until_left(database)
        database.query("DELETE FROM stop_jobs_at")
    database.query(LET_JOBS_GO)
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
                   ON stage.id = stage_id AND is_won IS NOT TRUE
                WHERE line.pipeline_id = (SELECT min(id) FROM crm_pipeline)
             ORDER BY line.sequence"""
        )
    ]
    deals = [
        row[0]
        for row in database.query("SELECT id FROM crm_lead WHERE name LIKE 'Deal %'")
    ]
    server = odoo_server(database, "--db_maxconn", "32")
    done, failed = Counter(), Counter()
    over = []

    def work(name, calls):
        session = _log_in(server, database)
        for call in itertools.takewhile(lambda _call: not over, itertools.cycle(calls)):
            try:
                session.call(*call)
            except (RpcError, OSError, HTTPException):
                failed[name] += 1
                # Odoo forgets a session of a database that does not answer.
                session = _log_in(server, database)
            else:
                done[name] += 1

    def restart():
        try:
            for _ in range(RESTARTS):
                aim = done["press"] + 5
                end = time.monotonic() + PATIENCE_S
                while done["press"] < aim and time.monotonic() < end:
                    time.sleep(0.05)
                bench.server.restart()
        finally:
            over.append(True)

    calls = {
        "press": [("sales.campaign.goal", "action_increment", [goal_id])],
        "move": [
            ("crm.lead", "write", deals, {"stage_id": stage}) for stage in stages[:2]
        ],
        "job": [
            ("ir.cron", "method_direct_trigger", [each]) for each in crons.values()
        ],
    }
    race(*(partial(work, *each) for each in calls.items()), restart)
    [(count, entries)] = database.query(
        """SELECT manual_count, (SELECT sum(change) FROM sales_campaign_goal_entry
                                  WHERE goal_id = goal.id)
             FROM sales_campaign_goal AS goal WHERE id = %s""",
        [goal_id],
    )
    assert done["press"] >= 5 * RESTARTS
    assert done["move"] and done["job"], (done, failed)
    assert count == entries
    assert done["press"] <= count <= done["press"] + failed["press"], (done, failed)
    session = _log_in(server, database)
    for cron_id in crons.values():
        session.call("ir.cron", "method_direct_trigger", [cron_id])
    server.stop()
    _check(database)
