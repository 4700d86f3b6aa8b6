"""A large database of Odoo's CRM, made by SQL, and a copy of it with the addons."""

import contextlib
import time

from odoo_setup.checkout import ADDONS

FILL = """
admin = env.ref("base.user_admin")
team = env["crm.team"].search([], limit=1)
group = env.ref("sales_team.group_sale_salesman_all_leads")
users = admin + env["res.users"].with_context(no_reset_password=True).create(
    [
        {"name": f"Salesperson {number}", "login": f"sales{number}",
         "password": f"sales{number}", "group_ids": group.ids, "tz": "Europe/Paris"}
        for number in range(20)
    ]
)
stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
env.flush_all()
parameters = {
    "scale": SCALE,
    "customers": SCALE // 20,
    "users": users.ids,
    "team": team.id,
    "stages": stages.ids,
    "won": env["crm.stage"].search([("is_won", "=", True)], limit=1).id,
    "company": env.company.id,
    "admin": admin.id,
    "call": env.ref("mail.mail_activity_data_call").id,
    "model": env["ir.model"]._get_id("crm.lead"),
    "note": env.ref("mail.mt_note").id,
    "stage_field": env["ir.model.fields"]._get("crm.lead", "stage_id").id,
}
env.cr.execute(
    '''INSERT INTO res_partner (name, complete_name, active, type, is_company, color,
                                lang, tz, autopost_bills, create_uid, write_uid,
                                create_date, write_date)
       SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', TRUE, 0, 'en_US',
              'UTC', 'ask', 1, 1, now(), now()
         FROM generate_series(1, %(customers)s) AS n''',
    parameters,
)
# So that each check of a foreign key finds its row by the index.
env.cr.execute("ANALYZE res_partner")
env.cr.execute(
    "UPDATE res_partner SET commercial_partner_id = id "
    "WHERE commercial_partner_id IS NULL"
)
env.cr.execute("SELECT min(id) FROM res_partner WHERE name LIKE 'Customer %%'")
(parameters["customer"],) = env.cr.fetchone()
env.cr.execute(
    '''INSERT INTO crm_lead (
           name, type, active, stage_id, probability, automated_probability, won_status,
           expected_revenue, prorated_revenue, recurring_revenue_monthly, date_deadline,
           date_closed, date_open, company_id, user_id, team_id, priority, partner_id,
           partner_name, email_from, contact_name, create_uid, write_uid, create_date,
           write_date, date_last_stage_update, day_open, day_close)
       SELECT 'Deal ' || n, 'opportunity', fate <> 'lost',
              CASE fate WHEN 'won' THEN %(won)s
                   ELSE (%(stages)s::int[])[1 + n %% cardinality(%(stages)s)] END,
              chance, chance, fate, n %% 10000, n %% 10000 * chance / 100.0, 0,
              CASE fate WHEN 'pending' THEN CURRENT_DATE + n %% 200 - 20
                   ELSE start::date + 25 END,
              CASE WHEN fate <> 'pending' THEN start + interval '20 days' END,
              start, %(company)s, (%(users)s::int[])[1 + n %% cardinality(%(users)s)],
              %(team)s, '0', %(customer)s + n %% %(customers)s,
              'Customer ' || 1 + n %% %(customers)s, 'buyer' || n || '@example.com',
              'Buyer ' || n, %(admin)s, %(admin)s, start, start, start, 0,
              CASE WHEN fate <> 'pending' THEN 20 END
         FROM (SELECT n, fate,
                      CASE fate WHEN 'won' THEN 100 WHEN 'lost' THEN 0
                           ELSE 10 + n %% 60 END AS chance,
                      date_trunc('second', now() AT TIME ZONE 'UTC')
                      - CASE fate WHEN 'pending' THEN n * 7 %% 300
                             ELSE 21 + n * 7 %% 1400 END * interval '1 day'
                      - interval '3 hours' AS start
                 FROM (SELECT n, CASE WHEN n %% 10 < 3 THEN 'pending'
                                      WHEN n %% 10 < 6 THEN 'won'
                                      ELSE 'lost' END AS fate
                         FROM generate_series(1, %(scale)s) AS n) AS numbered
              ) AS deal''',
    parameters,
)
env.cr.execute(
    '''INSERT INTO mail_activity (
           res_model, res_model_id, res_id, res_name, activity_type_id, summary,
           date_deadline, user_id, active, automated, create_uid, write_uid,
           create_date, write_date)
       SELECT 'crm.lead', %(model)s, id, name, %(call)s, 'Call',
              CURRENT_DATE + id %% 40 - 10, user_id, TRUE, FALSE, %(admin)s, %(admin)s,
              now(), now()
         FROM crm_lead
        WHERE won_status = 'pending' AND id %% 3 <> 0''',
    parameters,
)
env.cr.execute(
    '''WITH message AS (
           INSERT INTO mail_message (
                  model, res_id, message_type, subtype_id, date, create_uid, write_uid,
                  create_date, write_date)
           SELECT 'crm.lead', id, 'notification', %(note)s, date_closed, %(admin)s,
                  %(admin)s, date_closed, date_closed
             FROM crm_lead
            WHERE won_status = 'won' AND name LIKE 'Deal %%'
        RETURNING id, res_id, date)
       INSERT INTO mail_tracking_value (
              mail_message_id, field_id, old_value_integer, new_value_integer,
              create_uid, write_uid, create_date, write_date)
       SELECT id, %(stage_field)s,
              (%(stages)s::int[])[1 + res_id %% cardinality(%(stages)s)], %(won)s,
              %(admin)s, %(admin)s, date, date
         FROM message''',
    parameters,
)
env.cr.commit()
"""
TABLES = (
    "crm_lead",
    "crm_lead_contact",
    "crm_lead_passage",
    "mail_activity",
    "mail_message",
    "mail_tracking_value",
    "res_partner",
)


@contextlib.contextmanager
def make_databases(bench, scale):
    """Make both databases, and drop them afterwards.

    :return: dict with the names of the ``stock`` database and of ``ours``, and
        ``installing``: how long it took, and the size of the leads' table ``before``
        and ``after``, in bytes
    """
    stock, ours = bench.temporary_name(), bench.temporary_name()
    try:
        bench.clone(bench.template("bare"), stock)
        bench.app.shell(stock, f"SCALE = {scale}\n{FILL}")
        _vacuum(bench, stock)
        bench.clone(stock, ours)
        start = time.monotonic()
        bench.app.install(ours, *ADDONS)
        installing = {
            "seconds": time.monotonic() - start,
            "before": _get_size(bench, stock),
            "after": _get_size(bench, ours),
        }
        _vacuum(bench, ours)
        yield {"stock": stock, "ours": ours, "installing": installing}
    finally:
        bench.drop(stock)
        bench.drop(ours)


def _vacuum(bench, database):
    """As PostgreSQL does by itself after a minute."""
    with bench.server.cursor(database) as cr:
        for table in TABLES:
            cr.execute("SELECT to_regclass(%s)", [table])
            if cr.fetchone()[0]:
                cr.execute(f"VACUUM ANALYZE {table}")


def _get_size(bench, database):
    with bench.server.cursor(database) as cr:
        cr.execute("SELECT pg_relation_size('crm_lead')")
        return cr.fetchone()[0]
