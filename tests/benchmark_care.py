"""Neglected customers of many, and many opportunities that sleep and are called.

    ./setup/bench care [--partners 100000] [--deals 20000] [--repeat 3]

It is no test. It makes a database of its own, with companies, opportunities and three
messages about each by SQL, and drops it afterwards. What changes something is measured
once, the rest as the best of several times.
"""

OPTIONS = {"partners": 100_000, "deals": 20_000, "repeat": 3}

SCRIPT = """
import time
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user

env = env(context={})
new = {"company_id": env.company.id}
salespeople = {
    "own documents": new_test_user(
        env, "care_own", "sales_team.group_sale_salesman", **new
    ),
    "all documents": new_test_user(
        env, "care_all", "sales_team.group_sale_salesman_all_leads", **new
    ),
}
owner = salespeople["own documents"]
tag = env["res.partner.category"].create({"name": "Gold", "contact_days": 30})
pipeline = env["crm.pipeline"].search([], limit=1)
line = pipeline.pipeline_stage_ids.filtered(lambda each: not each.stage_id.is_won)[:1]
env["crm.pipeline.rule"].search([]).active = False
env.flush_all()
env.cr.execute(
    '''INSERT INTO res_partner (id, commercial_partner_id, name, complete_name, active,
                                is_company, type, user_id, autopost_bills, create_uid,
                                create_date, write_date)
       SELECT id, id, 'Customer ' || id, 'Customer ' || id, TRUE, TRUE, 'contact',
              %(user)s, 'ask', 1, now() - interval '400 days', now()
         FROM (SELECT nextval('res_partner_id_seq') AS id
                 FROM generate_series(1, %(partners)s)) AS made
    RETURNING id''',
    {"user": owner.id, "partners": PARTNERS},
)
partner_ids = [row[0] for row in env.cr.fetchall()]
env.cr.execute(
    '''INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
       SELECT unnest(%s), %s''',
    [partner_ids, tag.id],
)
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, probability, automated_probability,
                              won_status, expected_revenue, prorated_revenue,
                              company_id, user_id, pipeline_id, stage_id, partner_id,
                              pipeline_stage_id, priority, date_last_stage_update,
                              create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', TRUE, 10, 10, 'pending',
              number / 100.0, number / 1000.0, %(company)s, %(user)s, %(pipeline)s,
              %(stage)s, partner.id, %(line)s, '0', now(),
              %(user)s, now() - interval '9 days', %(user)s, now()
         FROM generate_series(1, %(deals)s) AS number
         JOIN unnest(%(partners)s) WITH ORDINALITY AS partner (id, rank)
           ON rank = 1 + number %% %(count)s
    RETURNING id''',
    {
        "deals": DEALS,
        "company": env.company.id,
        "user": owner.id,
        "pipeline": pipeline.id,
        "stage": line.stage_id.id,
        "partners": partner_ids,
        "count": PARTNERS,
        "line": line.id,
    },
)
lead_ids = [row[0] for row in env.cr.fetchall()]
for table in ("crm_lead", "res_partner", "res_partner_res_partner_category_rel"):
    env.cr.execute("ANALYZE " + table)
env.invalidate_all()


def measure(label, function, repeat=REPEAT):
    best = None
    for _number in range(repeat):
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, time.perf_counter()
        found = function()
        env.flush_all()
        took = time.perf_counter() - start
        queries = env.cr.sql_log_count - queries
        if best is None or took < best[0]:
            best = took, queries
    print(f"| {label} | {best[0]:.2f} s | {best[1]} |", flush=True)
    return found


def run_job(model, method):
    with patch.object(
        type(env["ir.cron"]), "_commit_progress", lambda *args, **more: 1000
    ):
        getattr(env[model], method)()


print(f"{PARTNERS} customers, {DEALS} opportunities, best of {REPEAT}")
print("| Work | time | queries |")
print("|---|---:|---:|")
# Nobody has written to anybody yet.
point = env.cr.savepoint()
rule = env["crm.pipeline.rule"].create(
    {
        "name": "First contact",
        "pipeline_id": pipeline.id,
        "event": "first_contact",
        "event_days": 3,
        "fallback_user_id": owner.id,
    }
)
measure(
    f"first contact missing on {DEALS}: a call planned on each",
    lambda: run_job("crm.pipeline.rule", "_cron_launch"),
    repeat=1,
)
assert env["mail.activity"].search_count([("pipeline_rule_id", "=", rule.id)]) == DEALS
point.rollback()
env.invalidate_all()
for model, ids in (("res.partner", partner_ids), ("crm.lead", lead_ids)):
    env.cr.execute(
        '''INSERT INTO mail_message (model, res_id, date, message_type, subtype_id,
                                     author_id, body, create_date, write_date)
           SELECT %s, id, now() - random() * interval '400 days', 'email', %s, %s,
                  'Hello', now(), now()
             FROM unnest(%s) AS id, generate_series(1, 3)''',
        [model, env.ref("mail.mt_comment").id, owner.partner_id.id, ids],
    )
env.cr.execute("ANALYZE mail_message")
names = ["complete_name", "care_state", "care_days", "care_days_since",
         "care_last_date", "care_last_kind", "care_planned_date"]
neglected = [("care_state", "=", "neglected")]
for label, user in salespeople.items():
    partners = env["res.partner"].with_user(user)
    count = measure(
        f"neglected customers counted, {label}",
        lambda: partners.search_count(neglected),
    )
    assert 0 < count < PARTNERS, count
    measure(
        f"first page of their list, {label}",
        lambda: partners.search(
            neglected, order="care_days_since desc, complete_name", limit=80
        ).read(names),
    )
    measure(
        f"customers by care, {label}",
        lambda: partners.formatted_read_group(
            [("care_state", "!=", False)], ["care_state"], ["__count"]
        ),
    )
measure(
    "care on one customer's form",
    lambda: env["res.partner"].with_user(owner).browse(partner_ids[7]).read(names),
)
due = measure("who is to be reminded", lambda: env["res.partner"]._get_care_due())
assert len(due[owner]) == PARTNERS
measure("the job that reminds", lambda: run_job("res.partner", "_cron_remind_of_care"),
        repeat=1)

reason = env["crm.hold.reason"].search([], limit=1)
leads = env["crm.lead"].browse(lead_ids)
for number in (200, DEALS):
    day = fields.Date.add(fields.Date.today(), days=30)
    measure(
        f"{number} put on hold at once",
        lambda: leads[:number].with_user(owner)._put_on_hold(day, reason),
        repeat=1,
    )
env.cr.execute("UPDATE crm_lead SET date_wake_up = current_date WHERE id = ANY(%s)",
               [lead_ids])
env.invalidate_all()
measure(f"the job that wakes {DEALS} up", lambda: run_job("crm.lead", "_cron_wake_up"),
        repeat=1)
assert not leads.filtered("date_hold")
env.cr.rollback()
"""
