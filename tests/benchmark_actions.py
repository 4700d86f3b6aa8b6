"""What automatic actions cost for each opportunity, in Python and in all.

    ./setup/bench actions [--deals 20000] [--repeat 3]

It is no test. It makes a database of its own, with opportunities by SQL whose expected
closing date has passed, and lets the nightly job plan what a rule of one and one of two
actions say. Each run is undone. The time of Python is that of the processor, without
PostgreSQL; the goal is 0.7 ms for each opportunity.
"""

OPTIONS = {"deals": 20_000, "repeat": 3}

SCRIPT = """
import cProfile
import pstats
import time
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command

env = env(context={})
pipeline = env["crm.pipeline"].search([], limit=1)
line = pipeline.pipeline_stage_ids.filtered(lambda each: not each.stage_id.is_won)[:1]
user = env.ref("base.user_admin")
env["crm.pipeline.rule"].search([]).active = False
env.flush_all()
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, probability, automated_probability,
                              won_status, expected_revenue, prorated_revenue,
                              company_id, user_id, pipeline_id, stage_id,
                              pipeline_stage_id, priority, date_deadline,
                              date_last_stage_update,
                              create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', TRUE, 10, 10, 'pending',
              number / 100.0, number / 1000.0, %(company)s, %(user)s, %(pipeline)s,
              %(stage)s, %(line)s, '0', current_date - 10, now(),
              %(user)s, now(), %(user)s, now()
         FROM generate_series(1, %(deals)s) AS number''',
    {
        "deals": DEALS,
        "company": env.company.id,
        "user": user.id,
        "pipeline": pipeline.id,
        "stage": line.stage_id.id,
        "line": line.id,
    },
)
env.cr.execute("ANALYZE crm_lead")
call = env.ref("mail.mail_activity_data_call")


def run(name, count):
    rule = env["crm.pipeline.rule"].create(
        {
            "name": name,
            "pipeline_id": pipeline.id,
            "event": "decision_passed",
            "fallback_user_id": user.id,
            "action_ids": [
                Command.create({"activity_type_id": call.id, "delay_days": number})
                for number in range(count)
            ],
        }
    )
    env.flush_all()
    best, profile = None, cProfile.Profile()
    for number in range(REPEAT + 1):
        env.invalidate_all()
        queries = env.cr.sql_log_count
        with env.cr.savepoint() as point, patch.object(
            type(env["ir.cron"]), "_commit_progress", lambda *args, **more: 1000
        ):
            wall, cpu = time.perf_counter(), time.process_time()
            if number == REPEAT:
                profile.enable()
            env["crm.pipeline.rule"]._cron_launch()
            env.flush_all()
            profile.disable()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            queries = env.cr.sql_log_count - queries
            planned = env["mail.activity"].search_count(
                [("pipeline_rule_id", "=", rule.id)]
            )
            assert planned == count * DEALS, planned
            point.rollback()
        if number < REPEAT and (best is None or cpu < best[0]):
            best = cpu, wall, queries
    cpu, wall, queries = best
    print(
        f"| {name} | {1000 * cpu / DEALS:.2f} | {1000 * wall / DEALS:.2f} "
        f"| {queries} |"
    )
    rule.active = False
    return profile


print(f"{DEALS} opportunities, best of {REPEAT}")
print("| Rule | Python, ms each | all, ms each | queries |")
print("|---|---:|---:|---:|")
run("One action", 1)
profile = run("Two actions", 2)
pstats.Stats(profile).sort_stats("cumulative").print_stats(35)
env.cr.rollback()
"""
