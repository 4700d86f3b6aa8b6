"""How long it takes to link many records to campaigns, against hand-written SQL.

    ./setup/bench campaign [--deals 10000] [--repeat 3]

It is no test. It makes a database of its own, with opportunities, each with a quotation
and a meeting, by SQL, and drops it afterwards. The hand-written statements are the
least that must be written: the links of the opportunities, of their quotations and of
their meetings.
"""

OPTIONS = {"deals": 10_000, "repeat": 3}

SCRIPT = """
import time

campaign, other = env["sales.campaign"].create(
    [{"title": "Trade show"}, {"title": "Phoning"}]
)
partner = env["res.partner"].create({"name": "Customer", "is_company": True})
order = env["sale.order"].create({"partner_id": partner.id})
env.flush_all()
values = {
    "deals": DEALS,
    "company": env.company.id,
    "user": env.uid,
    "partner": partner.id,
    "order": order.id,
    "utm": other.utm_campaign_id.id,
}
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, company_id, user_id, priority,
                              won_status, create_uid, create_date, write_uid,
                              write_date)
       SELECT 'Benchmark', 'opportunity', TRUE, %(company)s, %(user)s, '0', 'pending',
              %(user)s, now(), %(user)s, now()
         FROM generate_series(1, %(deals)s)
    RETURNING id''',
    values,
)
ids = [row[0] for row in env.cr.fetchall()]
values["ids"] = ids
env.cr.execute(
    '''INSERT INTO sale_order (name, state, company_id, partner_id, user_id,
                                partner_invoice_id, partner_shipping_id, date_order,
                                opportunity_id)
       SELECT 'Benchmark', 'draft', %(company)s, %(partner)s, %(user)s,
              %(partner)s, %(partner)s, now(), id
         FROM crm_lead WHERE id = ANY(%(ids)s)''',
    values,
)
env.cr.execute(
    '''INSERT INTO calendar_event (name, start, stop, active, user_id, opportunity_id,
                                    privacy, show_as)
       SELECT 'Benchmark', now(), now() + interval '1 hour', TRUE, %(user)s, id,
              'public', 'busy'
         FROM crm_lead WHERE id = ANY(%(ids)s)''',
    values,
)
env.cr.commit()
env.cr.execute("ANALYZE crm_lead, sale_order, calendar_event")
env.cr.commit()
deals = env["crm.lead"].browse(ids)
values["campaign"] = campaign.id


def by_hand():
    env.cr.execute(
        '''INSERT INTO crm_lead_sales_campaign_rel (crm_lead_id, sales_campaign_id)
           SELECT id, %(campaign)s FROM crm_lead WHERE id = ANY(%(ids)s);
           INSERT INTO sale_order_sales_campaign_rel (sale_order_id, sales_campaign_id)
           SELECT id, %(campaign)s FROM sale_order WHERE opportunity_id = ANY(%(ids)s);
           INSERT INTO calendar_event_sales_campaign_rel
                       (calendar_event_id, sales_campaign_id)
           SELECT id, %(campaign)s FROM calendar_event
            WHERE opportunity_id = ANY(%(ids)s)''',
        values,
    )


def by_dialog():
    dialog = env["sales.campaign.link"].with_context(
        active_model="crm.lead", active_ids=ids
    )
    dialog.create({"campaign_ids": campaign.ids}).action_apply()


def by_links():
    deals._link_campaigns(campaign)


def by_write():
    deals.write({"sales_campaign_ids": [(4, campaign.id)]})


def by_utm_campaign():
    deals.write({"campaign_id": campaign.utm_campaign_id.id})


def by_removal():
    deals._link_campaigns(campaign)
    start = time.perf_counter()
    deals._unlink_campaigns(campaign)
    return time.perf_counter() - start


def measure(function):
    env.invalidate_all()
    queries = env.cr.sql_log_count
    start = time.perf_counter()
    took = function()
    env.flush_all()
    took = took or time.perf_counter() - start
    queries = env.cr.sql_log_count - queries
    env.cr.rollback()
    env.invalidate_all()
    return took, queries


ways = {
    "by hand, in SQL": by_hand,
    "link": by_links,
    "dialog": by_dialog,
    "write the links": by_write,
    "write the UTM campaign": by_utm_campaign,
    "remove": by_removal,
}
best = {}
# In turn, so that what else the machine does is the same for all.
for _number in range(REPEAT):
    for label, function in ways.items():
        best[label] = min(measure(function), best.get(label, (1e9, 0)))
print(f"{DEALS} opportunities with a quotation and a meeting each, best of {REPEAT}")
for label, (took, queries) in best.items():
    ratio = took / best["by hand, in SQL"][0]
    print(f"{label:24} {took:7.2f} s {ratio:7.1f} {queries:6} queries")
env.cr.rollback()
"""
