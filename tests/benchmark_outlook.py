"""How long "What Will Come" takes over many opportunities and weekly snapshots.

    ./setup/bench outlook [--deals 1000000] [--weeks 60] [--repeat 3]

It is no test. It makes a database of its own, by one SQL statement each: deals that
began within two years and live for 20 to 180 days, of which three in ten are won, and a
snapshot a week of what was open. It drops it afterwards.
"""

OPTIONS = {"deals": 1_000_000, "weeks": 60, "repeat": 3}

SCRIPT = """
import time
from datetime import timedelta

from odoo import fields

today = fields.Date.today()
values = {
    "deals": DEALS,
    "weeks": WEEKS,
    "company": env.company.id,
    "currency": env.company.currency_id.id,
    "user": env.ref("base.user_admin").id,
    "monday": today - timedelta(days=today.weekday()),
    "lines": env["crm.pipeline.stage"].search([("is_won", "=", False)], limit=4).ids,
}
env.cr.execute("DELETE FROM crm_forecast_snapshot")
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, date_deadline, first_decision_date,
                              date_start, date_closed, forecast_category, company_id,
                              user_id, team_id, priority, create_uid, create_date,
                              write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', fate <> 'lost', line.pipeline_id,
              line.id, line.stage_id, 'stage', 20 + number %% 60, 20, fate,
              1000 + number %% 9000, 200 + number %% 1800,
              closed + number %% 30, closed, start,
              CASE WHEN fate <> 'pending' THEN closed + interval '9 hours' END,
              CASE number %% 5 WHEN 0 THEN 'commit' WHEN 1 THEN 'best_case' END,
              %(company)s, %(user)s, team.id, '0', %(user)s, start, %(user)s, now()
         FROM (SELECT number, start, closed,
                      CASE WHEN closed >= CURRENT_DATE THEN 'pending'
                           WHEN number %% 10 < 3 THEN 'won' ELSE 'lost' END AS fate
                 FROM (SELECT number, CURRENT_DATE - number * 7 %% 700 AS start,
                              CURRENT_DATE - number * 7 %% 700 + 20
                              + number / 700 %% 160 AS closed
                         FROM generate_series(1, %(deals)s) AS number) AS each
              ) AS deal
         JOIN crm_pipeline_stage AS line
           ON line.id = (%(lines)s::int[])[1 + number %% cardinality(%(lines)s)]
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    values,
)
env.cr.execute(
    '''INSERT INTO crm_lead_passage (lead_id, pipeline_id, stage_id, date_in, date_out,
                                     outcome, company_id, user_id, team_id)
       SELECT id, pipeline_id, stage_id, date_start, date_closed,
              CASE won_status WHEN 'pending' THEN 'open' ELSE won_status END,
              company_id, user_id, team_id
         FROM crm_lead WHERE name LIKE 'Deal %%' ''',
    values,
)
env.cr.execute(
    '''INSERT INTO crm_forecast_snapshot
               (date, lead_id, amount, weighted_amount, probability, date_deadline,
                stage_id, pipeline_id, user_id, team_id, company_id, currency_id)
       SELECT week, id, expected_revenue, prorated_revenue, probability, date_deadline,
              stage_id, pipeline_id, user_id, team_id, company_id, %(currency)s
         FROM crm_lead
         JOIN (SELECT %(monday)s::date - 7 * number AS week
                 FROM generate_series(0, %(weeks)s - 1) AS number) AS monday
           ON date_start < week AND (date_closed IS NULL OR date_closed >= week)
        WHERE name LIKE 'Deal %%' ''',
    values,
)
env.cr.commit()
env.cr._cnx.set_session(autocommit=True)
for table in ("crm_lead", "crm_lead_passage", "crm_forecast_snapshot"):
    env.cr.execute(f"VACUUM ANALYZE {table}")
    env.cr.execute(f"SELECT count(*) FROM {table}")
    print(f"{table:44} {env.cr.fetchone()[0]:9,} rows")
env.cr._cnx.set_session(autocommit=False)


def measure(label, function, *args):
    took = []
    for _number in range(REPEAT):
        env.invalidate_all()
        start = time.perf_counter()
        function(*args)
        took.append(time.perf_counter() - start)
    print(f"{label:44} {min(took):7.2f} s")


users = {
    "all": env.ref("base.user_admin"),
    "own": env["res.users"].create(
        {
            "name": "Own",
            "login": "own_documents",
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
        }
    ),
}
OPEN = [("type", "=", "opportunity"), ("won_status", "=", "pending")]
for name, user in users.items():
    kpi = env["crm.kpi"].with_user(user).with_context(tz="Europe/Paris")
    for window in ("this_month", "this_quarter", "next_13_weeks"):
        measure(f"{name}: {window}", kpi.get_outlook, {"window": window})
    question = kpi._read_outlook_filters({})
    measure(f"{name}: of it the past", kpi._get_outlook_past, question)
    measure(f"{name}: of it now", kpi._get_outlook_groups, question)
    measure(f"{name}: of it the inputs", kpi._get_outlook_cells, question, DEALS // 8)
    measure(f"{name}: of it a year before", kpi._get_outlook_years, question)
    months = [fields.Date.add(today.replace(day=1), months=n) for n in range(6)]
    leads = env["crm.lead"].with_user(user).with_context(tz="Europe/Paris")
    measure(
        f"{name}: by expected closing",
        leads.get_decision_outlook,
        OPEN,
        "month",
        [str(month) for month in months],
    )
"""
