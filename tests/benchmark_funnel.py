"""How long the Funnel page takes with many deals, and the lists that it opens.

    ./setup/bench funnel [--deals 1000000] [--repeat 3]

It is no test. It makes a database of its own, with the deals and their stays by one SQL
statement each, and drops it afterwards. The deals began within two years; each went
through one to three stages, a fifth was won, a fifth lost, a hundredth is deleted.
"""

OPTIONS = {"deals": 1_000_000, "repeat": 3}

SCRIPT = """
import time

lines = env["crm.pipeline.stage"].search([("is_won", "=", False)], order="sequence, id")
lines = lines.filtered(lambda line: line.pipeline_id == lines[0].pipeline_id)[:3]
values = {
    "pipeline": lines.pipeline_id.id,
    "lines": lines.ids,
    "stages": lines.stage_id.ids,
    "deals": DEALS,
    "company": env.company.id,
    "user": env.ref("base.user_admin").id,
}
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              date_start, date_closed, company_id, user_id, team_id,
                              priority, create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', number %% 5 <> 1, %(pipeline)s,
              (%(lines)s::int[])[1 + number %% 3], (%(stages)s::int[])[1 + number %% 3],
              'stage', 20, 20,
              CASE number %% 5 WHEN 0 THEN 'won' WHEN 1 THEN 'lost'
                   ELSE 'pending' END,
              number / 100.0, began,
              CASE WHEN number %% 5 < 2
                   THEN began + number %% 300 * interval '1 day' END,
              %(company)s, %(user)s, team.id, '0', %(user)s, began, %(user)s, now()
         FROM (SELECT number,
                      date_trunc('second', now() AT TIME ZONE 'UTC')
                      - (300 + number %% 430) * interval '1 day' AS began
                 FROM generate_series(1, %(deals)s) AS number) AS deal
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    values,
)
env.cr.execute(
    '''INSERT INTO crm_lead_passage (lead_id, former_lead_id, former_status,
                                     pipeline_id, stage_id, date_in, date_out, days,
                                     outcome, is_path_known, amount, company_id,
                                     user_id, team_id)
       SELECT CASE WHEN is_gone THEN NULL ELSE id END,
              CASE WHEN is_gone THEN id END,
              CASE WHEN is_gone THEN won_status END, pipeline_id,
              (%(stages)s::int[])[rank],
              date_start + (rank - 1) * interval '3 days',
              CASE WHEN NOT is_last OR won_status <> 'pending'
                   THEN date_start + rank * interval '3 days' END,
              CASE WHEN NOT is_last OR won_status <> 'pending' THEN 3 END,
              CASE WHEN NOT is_last THEN 'forward' WHEN won_status <> 'pending'
                   THEN won_status WHEN is_gone THEN 'gone' ELSE 'open' END,
              TRUE, expected_revenue, company_id, user_id, team_id
         FROM (SELECT lead.*, rank, lead.id %% 100 = 7 AS is_gone,
                      lead.stage_id = (%(stages)s::int[])[rank] AS is_last
                 FROM crm_lead AS lead
                 JOIN generate_series(1, 3) AS rank
                   ON rank <= array_position(%(stages)s::int[], lead.stage_id)
                WHERE lead.name LIKE 'Deal %%') AS each''',
    values,
)
env.cr.execute("DELETE FROM crm_lead WHERE name LIKE 'Deal %' AND id % 100 = 7")
env.cr.commit()
env.cr._cnx.set_session(autocommit=True)
for table in ("crm_lead", "crm_lead_passage"):
    env.cr.execute(f"VACUUM ANALYZE {table}")
env.cr._cnx.set_session(autocommit=False)


def measure(label, function, *args):
    took = []
    for _number in range(REPEAT):
        env.invalidate_all()
        start = time.perf_counter()
        result = function(*args)
        took.append(time.perf_counter() - start)
    print(f"{label:44} {min(took):7.2f} s")
    return result


def read_list(kpi, action):
    records = kpi.env[action["res_model"]].with_context(**action["context"])
    return records.web_search_read(action["domain"], {"display_name": {}}, limit=80)


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
for name, user in users.items():
    kpi = env["crm.kpi"].with_user(user).with_context(tz="Europe/Paris")
    for period in ("last_month", "last_year"):
        filters = {"period": period}
        answer = measure(f"{name}: funnel, {period}", kpi.get_funnel, filters)
        for pipeline in answer["pipelines"]:
            print([each["entered"]["count"] for each in pipeline["stages"]])
    of_teams = {"period": "last_year", "team_ids": env["crm.team"].search([]).ids}
    measure(f"{name}: funnel, of teams", kpi.get_funnel, of_teams)
    measure(f"{name}: cohorts", kpi.get_cohorts, {})
    measure(f"{name}: cohorts, of teams", kpi.get_cohorts, of_teams)
    for code in ("entered", "lost", "days"):
        question = (code, filters, values["pipeline"], values["stages"][0])
        action = measure(f"{name}: open {code}", kpi.open_funnel, *question)
        measure(f"{name}: list of {code}", read_list, kpi, action)
"""
