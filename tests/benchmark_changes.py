"""How long "What Changed" takes between two weeks of many open deals.

    ./setup/bench changes [--deals 1000000] [--repeat 3]

It is no test. It makes a database of its own, with the deals and a week of snapshots by
one SQL statement each, and drops it afterwards. A tenth of the deals changed since, a
twentieth was won or lost.
"""

OPTIONS = {"deals": 1_000_000, "repeat": 3}

SCRIPT = """
import time
from datetime import timedelta

from odoo import fields

line = env["crm.pipeline.stage"].search([("is_won", "=", False)], limit=1)
today = fields.Date.today()
monday = today - timedelta(days=today.weekday() or 7)
values = {
    "line": line.id,
    "deals": DEALS,
    "company": env.company.id,
    "currency": env.company.currency_id.id,
    "user": env.ref("base.user_admin").id,
    "monday": monday,
    "before": monday - timedelta(weeks=1),
}
env.cr.execute("DELETE FROM crm_forecast_snapshot")
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, date_deadline, date_start, date_closed,
                              company_id, user_id, team_id, priority, create_uid,
                              create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', number %% 40 <> 1, line.pipeline_id,
              line.id, line.stage_id, 'stage',
              CASE number %% 40 WHEN 0 THEN 100 WHEN 1 THEN 0 ELSE 20 END, 20,
              CASE number %% 40 WHEN 0 THEN 'won' WHEN 1 THEN 'lost'
                   ELSE 'pending' END,
              number / 100.0, number / 500.0, CURRENT_DATE + number %% 300,
              %(monday)s::date - number %% 300 * interval '1 day' + interval '1 day',
              CASE WHEN number %% 40 < 2 THEN now() AT TIME ZONE 'UTC' END,
              %(company)s, %(user)s, team.id, '0', %(user)s,
              %(monday)s::date - number %% 300 * interval '1 day' + interval '1 day',
              %(user)s, now()
         FROM generate_series(1, %(deals)s) AS number
         JOIN crm_pipeline_stage AS line ON line.id = %(line)s
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    values,
)
env.cr.execute(
    '''INSERT INTO crm_lead_passage (lead_id, pipeline_id, stage_id, date_in, outcome,
                                     company_id, user_id, team_id)
       SELECT id, pipeline_id, stage_id, date_start, 'open', company_id, user_id,
              team_id
         FROM crm_lead WHERE name LIKE 'Deal %%' ''',
)
for week in ("monday", "before"):
    env.cr.execute(
        f'''INSERT INTO crm_forecast_snapshot
                   (date, lead_id, amount, weighted_amount, probability, date_deadline,
                    stage_id, pipeline_id, user_id, team_id, company_id, currency_id)
           SELECT %({week})s, id,
                  expected_revenue * CASE WHEN id %% 10 = 3 THEN 0.9 ELSE 1 END,
                  expected_revenue * 0.2, 20, date_deadline, stage_id, pipeline_id,
                  user_id, team_id, company_id, %(currency)s
             FROM crm_lead
            WHERE name LIKE 'Deal %%' AND date_start < %({week})s::date''',
        values,
    )
env.cr.commit()
env.cr._cnx.set_session(autocommit=True)
for table in ("crm_lead", "crm_lead_passage", "crm_forecast_snapshot"):
    env.cr.execute(f"VACUUM ANALYZE {table}")
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
past = {"start": str(values["before"]), "end": str(monday)}
for name, user in users.items():
    kpi = env["crm.kpi"].with_user(user).with_context(tz="Europe/Paris")
    measure(f"{name}: the weeks", kpi.get_change_weeks)
    measure(f"{name}: last Monday to now", kpi.get_changes)
    quarter = {"decision": "this_quarter"}
    measure(f"{name}: deciding this quarter", kpi.get_changes, quarter)
    measure(f"{name}: between two weeks", kpi.get_changes, past)
    for code in ("won", "amount_up", "opening"):
        action = kpi.open_changes(code)
        changes = kpi.env["crm.pipeline.change"].with_context(**action["context"])
        measure(
            f"{name}: the list of {code}",
            lambda changes=changes, action=action: changes.web_search_read(
                action["domain"], {"deal_name": {}, "amount_change": {}}, limit=80
            ),
        )
"""
