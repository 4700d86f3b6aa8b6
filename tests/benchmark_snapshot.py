"""How long the weekly snapshots of many open deals take.

    ./setup/bench snapshot [--deals 1000000] [--weeks 2]

It is no test. It makes a database of its own, with the deals by one SQL statement, and
drops it afterwards. Each week is measured, then a second run of the same week, which
adds nothing, and in the end the deletion of all.
"""

OPTIONS = {"deals": 1_000_000, "weeks": 2}

SCRIPT = """
import time

line = env["crm.pipeline.stage"].search([("is_won", "=", False)], limit=1)
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, date_deadline, company_id, user_id,
                              team_id, priority, create_uid, create_date, write_uid,
                              write_date)
       SELECT 'Deal ' || number, 'opportunity', TRUE, line.pipeline_id, line.id,
              line.stage_id, 'stage', 20, 20, 'pending', number / 100.0, number / 500.0,
              CURRENT_DATE + number %% 300, %(company)s, %(user)s, team.id, '0',
              %(user)s, now(), %(user)s, now()
         FROM generate_series(1, %(deals)s) AS number
         JOIN crm_pipeline_stage AS line ON line.id = %(line)s
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    {"line": line.id, "deals": DEALS, "company": env.company.id, "user": env.uid},
)
env.cr.commit()
snapshots = env["crm.forecast.snapshot"]


def measure(label, function, *args):
    start = time.perf_counter()
    count = function(*args)
    env.cr.commit()
    took = time.perf_counter() - start
    print(f"{label:32} {took:7.1f} s {count:>9}")


for number in range(1, WEEKS + 1):
    measure(f"week {number}", snapshots._take_snapshots)
    measure(f"week {number} again", snapshots._take_snapshots)
    # What was taken becomes a past week, so that this week is free again.
    env.cr.execute("UPDATE crm_forecast_snapshot SET date = date - 7")
    env.cr.commit()
env.cr.execute("UPDATE crm_forecast_snapshot SET date = date - 7000")
env.cr.commit()
measure("deletion of all weeks", snapshots._purge)
"""
