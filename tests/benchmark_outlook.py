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
env["crm.pipeline.stage"].flush_model()
lines = env["crm.pipeline.stage"].search([("is_won", "=", False)], order="sequence, id")
lines = lines.filtered(lambda line: line.pipeline_id == lines[0].pipeline_id)[:3]
users = env.ref("base.user_admin") + env["res.users"].with_context(
    no_reset_password=True
).create(
    [
        {
            "name": f"Salesperson {number}",
            "login": f"sales{number}",
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
        }
        for number in range(19)
    ]
)
sources = env["utm.source"].create([{"name": f"Source {n}"} for n in range(6)])
env.flush_all()
values = {
    "deals": DEALS,
    "weeks": WEEKS,
    "customers": DEALS // 20,
    "company": env.company.id,
    "currency": env.company.currency_id.id,
    "users": users.ids,
    "user": users[0].id,
    "sources": sources.ids,
    "monday": today - timedelta(days=today.weekday()),
    "lines": lines.ids,
    "stages": lines.stage_id.ids,
    "pipeline": lines.pipeline_id.id,
}
env.cr.execute("DELETE FROM crm_forecast_snapshot")
env.cr.execute(
    '''INSERT INTO res_partner (name, complete_name, active, type, is_company, color,
                                lang, tz, autopost_bills, create_uid, write_uid,
                                create_date, write_date)
       SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', TRUE, 0, 'en_US',
              'UTC', 'ask', 1, 1, now(), now()
         FROM generate_series(1, %(customers)s) AS n''',
    values,
)
env.cr.execute("ANALYZE res_partner")
env.cr.execute(
    "UPDATE res_partner SET commercial_partner_id = id "
    "WHERE commercial_partner_id IS NULL"
)
env.cr.execute("SELECT min(id) FROM res_partner WHERE name LIKE 'Customer %'")
(values["customer"],) = env.cr.fetchone()
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, date_deadline, first_decision_date,
                              date_start, date_closed, forecast_category, company_id,
                              user_id, team_id, partner_id, source_id, priority,
                              create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', fate <> 'lost', %(pipeline)s,
              (%(lines)s::int[])[rank], (%(stages)s::int[])[rank], 'stage',
              20 + number %% 60, 20, fate, 1000 + number %% 9000, 200 + number %% 1800,
              closed + number %% 30, closed, start,
              CASE WHEN fate <> 'pending' THEN closed + interval '9 hours' END,
              CASE number %% 5 WHEN 0 THEN 'commit' WHEN 1 THEN 'best_case' END,
              %(company)s, (%(users)s::int[])[1 + number %% 20], team.id,
              %(customer)s + number %% %(customers)s,
              (%(sources)s::int[])[1 + number %% 7], '0', %(user)s, start, %(user)s,
              now()
         FROM (SELECT number, start, closed,
                      LEAST(2, 3 * (CURRENT_DATE - start) / (closed - start)) + 1
                      AS rank,
                      CASE WHEN closed >= CURRENT_DATE THEN 'pending'
                           WHEN number %% 10 < 3 THEN 'won' ELSE 'lost' END AS fate
                 FROM (SELECT number, CURRENT_DATE - number * 7 %% 700 AS start,
                              CURRENT_DATE - number * 7 %% 700 + 20
                              + number / 700 %% 160 AS closed
                         FROM generate_series(1, %(deals)s) AS number) AS each
              ) AS deal
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    values,
)
env.cr.execute("ANALYZE crm_lead")
# A third of its life in each stage
env.cr.execute(
    '''CREATE TEMP TABLE life AS
       SELECT id, date_start::date AS start, first_decision_date AS closed,
              first_decision_date - date_start::date AS days
         FROM crm_lead WHERE name LIKE 'Deal %' '''
)
env.cr.execute(
    '''INSERT INTO crm_lead_passage (lead_id, pipeline_id, stage_id, date_in, date_out,
                                     days, outcome, is_path_known, amount, company_id,
                                     user_id, team_id)
       SELECT id, pipeline_id, (%(stages)s::int[])[rank], date_in,
              CASE WHEN is_over THEN date_out END,
              CASE WHEN is_over THEN EXTRACT(DAY FROM date_out - date_in) END,
              CASE WHEN NOT is_over THEN 'open' WHEN rank = 3 THEN won_status
                   ELSE 'forward' END, TRUE, expected_revenue, company_id, user_id,
              team_id
         FROM (SELECT lead.*, rank, start + days * (rank - 1) / 3 + time '08:00'
                      AS date_in, CASE WHEN rank = 3 THEN closed + time '09:00'
                      ELSE start + days * rank / 3 + time '08:00' END AS date_out,
                      CASE WHEN rank = 3 THEN won_status <> 'pending'
                      ELSE start + days * rank / 3 <= CURRENT_DATE END AS is_over
                 FROM crm_lead AS lead
                 JOIN life USING (id)
                 JOIN generate_series(1, 3) AS rank
                   ON start + days * (rank - 1) / 3 <= CURRENT_DATE) AS stay''',
    values,
)
env.cr.execute(
    '''INSERT INTO crm_forecast_snapshot
               (date, lead_id, amount, weighted_amount, probability, date_deadline,
                stage_id, pipeline_id, user_id, team_id, company_id, currency_id)
       SELECT week, id, expected_revenue, prorated_revenue, probability, date_deadline,
              (%(stages)s::int[])[LEAST(2, 3 * (week - start) / days) + 1], pipeline_id,
              user_id, team_id, company_id, %(currency)s
         FROM (SELECT %(monday)s::date - 7 * number AS week
                 FROM generate_series(0, %(weeks)s - 1) AS number) AS monday
         JOIN life ON start < week AND closed >= week
         JOIN crm_lead USING (id)
     ORDER BY week, id''',
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


users = {"all": users[0], "own": users[1]}
OPEN = [("type", "=", "opportunity"), ("won_status", "=", "pending")]
for name, user in users.items():
    kpi = env["crm.kpi"].with_user(user).with_context(tz="Europe/Paris")
    for window in ("this_month", "this_quarter", "next_13_weeks"):
        measure(f"{name}: {window}", kpi.get_outlook, {"window": window})
    # That of the most windows: of a quarter there are fewer, and the parts less.
    question = kpi._read_outlook_filters({"window": "this_month"})
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
