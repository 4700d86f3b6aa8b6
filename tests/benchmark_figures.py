"""How long the flash figures and the workbook take, against hand-written SQL.

    ./setup/bench figures [--deals 1000000] [--repeat 3]

It is no test. It makes a database of its own, with the deals and their passages by SQL,
and drops it afterwards. The hand-written statements give the same numbers as the page:
the figures of a month, those of the month before and the trend of a year. Of the
workbook it prints the time beyond the queries, and how much more memory it took.
"""

OPTIONS = {"deals": 1_000_000, "repeat": 3}

SCRIPT = """
import resource
import tempfile
import threading
import time

from odoo.addons.sales_pipeline_plus.kpi.catalogue import KPIS

line, won_line = (
    env["crm.pipeline.stage"].search([("is_won", "=", won)], limit=1)
    for won in (False, True)
)
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, date_deadline, date_start, date_closed,
                              company_id, user_id, team_id, priority, slip_days,
                              postponement_count, create_uid, create_date, write_uid,
                              write_date, date_last_stage_update)
       SELECT 'Deal ' || number, 'opportunity', fate <> 2, %(pipeline)s,
              CASE fate WHEN 1 THEN %(won_line)s ELSE %(line)s END,
              CASE fate WHEN 1 THEN %(won)s ELSE %(stage)s END,
              'stage', (ARRAY[20, 100, 0, 20])[fate + 1],
              (ARRAY[20, 100, 0, 20])[fate + 1],
              (ARRAY['pending', 'won', 'lost', 'pending'])[fate + 1],
              number %% 10000, number %% 10000 * 0.2, CURRENT_DATE + number %% 300 - 20,
              start, CASE WHEN fate IN (1, 2) THEN start + interval '20 days' END,
              %(company)s, %(user)s, team.id, '0', number %% 40, number %% 3,
              %(user)s, start, %(user)s, start, start
         FROM (SELECT number, number %% 4 AS fate,
                      now() AT TIME ZONE 'UTC' - (number %% 730) * interval '1 day'
                      - interval '21 days' AS start
                 FROM generate_series(1, %(deals)s) AS number) AS deal
         JOIN (SELECT min(id) AS id FROM crm_team) AS team ON TRUE''',
    {
        "pipeline": line.pipeline_id.id,
        "line": line.id,
        "won_line": won_line.id,
        "stage": line.stage_id.id,
        "won": won_line.stage_id.id,
        "deals": DEALS,
        "company": env.company.id,
        "user": env.uid,
    },
)
env.cr.execute(
    '''INSERT INTO crm_lead_passage (lead_id, pipeline_id, stage_id, pipeline_stage_id,
                                     date_in, date_out, days, outcome, company_id,
                                     user_id, team_id, amount, probability)
       SELECT id, pipeline_id, %(stage)s, %(line)s, date_start, date_closed,
              CASE WHEN date_closed IS NOT NULL THEN id %% 30 END,
              CASE won_status WHEN 'pending' THEN 'open' ELSE won_status END,
              company_id, user_id, team_id, expected_revenue, 20
         FROM crm_lead WHERE name LIKE 'Deal %%' ''',
    {"stage": line.stage_id.id, "line": line.id},
)
env.cr.commit()
env.cr._cnx.set_session(autocommit=True)
env.cr.execute("VACUUM ANALYZE crm_lead")
env.cr.execute("VACUUM ANALYZE crm_lead_passage")
env.cr._cnx.set_session(autocommit=False)
user = env.ref("base.user_admin")
kpi = env["crm.kpi"].with_user(user).with_context(tz="Europe/Paris")
# What comes from other tables is not part of the comparison.
codes = [
    each.code
    for each in KPIS
    if each.group != "effort" and each.records != "reliability"
]
filters = {"period": "last_month"}
period, comparison, _domain = kpi._read_filters(filters)
trend = kpi.get_trend(filters, ["created_count"])["periods"]
SPANS = [tuple(map(kpi._get_moment, each)) for each in (period, comparison)]


def by_hand():
    '''The same numbers in as few plain statements as come to mind.'''
    to_date = env["crm.lead"]._fields["date_deadline"].to_date
    first = kpi._get_moment(min(to_date(each["start"]) for each in trend))
    last = SPANS[0][1]
    company = user.company_id.id
    where = "type = 'opportunity' AND (company_id IS NULL OR company_id = %(company)s)"
    parameters = {"company": company, "first": first, "last": last}
    cuts = sorted(
        {moment for span in SPANS for moment in span}
        | {kpi._get_moment(to_date(each["start"])) for each in trend}
    )
    parameters["cuts"] = cuts
    for statement in (
        f'''SELECT width_bucket(date_start, %(cuts)s::timestamp[]), count(*),
                   sum(expected_revenue), count(*) FILTER (WHERE COALESCE(campaign_id,
                   source_id, medium_id) IS NOT NULL),
                   count(*) FILTER (WHERE won_status = 'won')
              FROM crm_lead WHERE {where} AND date_start >= %(first)s
               AND date_start < %(last)s GROUP BY 1''',
        f'''SELECT width_bucket(date_closed, %(cuts)s::timestamp[]),
                   count(*) FILTER (WHERE won_status = 'won'),
                   sum(expected_revenue) FILTER (WHERE won_status = 'won'),
                   count(*) FILTER (WHERE won_status = 'lost'),
                   sum(expected_revenue) FILTER (WHERE won_status = 'lost'),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY
                     EXTRACT(EPOCH FROM date_closed - date_start))
                     FILTER (WHERE won_status = 'won')
              FROM crm_lead WHERE {where} AND won_status IN ('won', 'lost')
               AND date_closed >= %(first)s AND date_closed < %(last)s GROUP BY 1''',
        f'''SELECT width_bucket(date_closed, %(cuts)s::timestamp[]), user_id,
                   sum(expected_revenue) FROM crm_lead WHERE {where}
               AND won_status = 'won' AND date_closed >= %(first)s
               AND date_closed < %(last)s GROUP BY 1, 2''',
        f'''SELECT count(*) FROM (SELECT DISTINCT ON (partner.commercial_partner_id)
                   lead.date_closed FROM crm_lead AS lead
              JOIN res_partner AS partner ON partner.id = lead.partner_id
             WHERE lead.won_status = 'won' AND lead.type = 'opportunity'
             ORDER BY partner.commercial_partner_id, lead.date_closed) AS won
             WHERE date_closed >= %(first)s''',
        f'''SELECT count(*), sum(expected_revenue),
                   sum(prorated_revenue),
                   count(*) FILTER (WHERE date_deadline < CURRENT_DATE),
                   sum(expected_revenue) FILTER (WHERE date_deadline < CURRENT_DATE),
                   count(*) FILTER (WHERE NOT EXISTS (
                     SELECT FROM mail_activity AS activity
                      WHERE activity.res_model = 'crm.lead'
                        AND activity.res_id = crm_lead.id AND activity.active)),
                   count(*) FILTER (WHERE postponement_count > 0), sum(slip_days)
              FROM crm_lead WHERE {where} AND won_status = 'pending' ''',
        f'''SELECT width_bucket(passage.date_out, %(cuts)s::timestamp[]), count(*),
                   count(*) FILTER (WHERE outcome IN ('forward', 'won')),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
              FROM crm_lead_passage AS passage
              JOIN crm_lead AS lead ON lead.id = passage.lead_id
             WHERE passage.date_out >= %(first)s AND passage.date_out < %(last)s
             GROUP BY 1''',
    ):
        env.cr.execute(statement, parameters)
        env.cr.fetchall()


def by_engine():
    kpi.get_figures(filters, codes, with_trend=True)


def measure(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


best = {}
for _number in range(REPEAT):
    for label, function in (("by hand, in SQL", by_hand), ("crm.kpi", by_engine)):
        took = measure(function)
        best[label] = min(took, best.get(label, took))
print(f"{DEALS} opportunities, best of {REPEAT}")
for label, took in best.items():
    print(f"{label:30} {took:7.2f} s {took / best['by hand, in SQL']:7.2f}")

thread = threading.current_thread()
thread.query_count, thread.query_time, thread.perf_t0 = 0, 0, time.time()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with tempfile.TemporaryFile() as target:
    took = measure(
        lambda: env["crm.kpi.workbook"].with_user(user)._write_workbook(target, filters)
    )
    size = target.tell()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(
    f"workbook of {size / 1e6:.1f} MB: {took:.1f} s, {thread.query_time:.1f} s of them "
    f"in {thread.query_count} queries; memory +{(after - before) / 1024:.0f} MB, "
    f"{after / 1024:.0f} MB in all"
)
"""
