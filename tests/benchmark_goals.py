"""How long 80 goals of 20 campaigns take on many deals, against hand-written SQL.

    ./setup/bench goals [--deals 1000000] [--repeat 3]

It is no test. It makes a database of its own, with the opportunities and their links by
SQL, and drops it afterwards. The hand-written statements are the least that tells the
same: one aggregate for each of the four things that the goals count.
"""

OPTIONS = {"deals": 1_000_000, "repeat": 3}

SCRIPT = """
import time

CAMPAIGNS = 20
OPPORTUNITY = "[('type', '=', 'opportunity')]"
WON = "[('type', '=', 'opportunity'), ('won_status', '=', 'won')]"
campaigns = env["sales.campaign"].create(
    [
        {"title": f"Benchmark {number}", "date_start": "2026-01-01",
         "date_end": "2026-12-31"}
        for number in range(CAMPAIGNS)
    ]
)
partners = env["res.partner"].create(
    [{"name": f"Workshop {number}", "is_company": True} for number in range(1000)]
)
env.flush_all()
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, probability, automated_probability,
                              won_status, expected_revenue, prorated_revenue,
                              company_id, user_id, partner_id, priority,
                              create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', number %% 7 <> 0, 10, 10,
              CASE WHEN number %% 7 = 0 THEN 'lost'
                   WHEN number %% 5 = 0 THEN 'won' ELSE 'pending' END,
              number / 100.0, number / 1000.0, %(company)s, %(user)s,
              (%(partners)s)[1 + number %% 1000], '0',
              %(user)s, now(), %(user)s, now()
         FROM generate_series(1, %(deals)s) AS number
    RETURNING id''',
    {
        "deals": DEALS,
        "company": env.company.id,
        "user": env.uid,
        "partners": partners.ids,
    },
)
env.cr.execute(
    '''INSERT INTO crm_lead_sales_campaign_rel (crm_lead_id, sales_campaign_id)
       SELECT id, (%(campaigns)s)[1 + id %% %(number)s]
         FROM crm_lead WHERE name LIKE 'Deal %%'
  ON CONFLICT DO NOTHING''',
    {"campaigns": campaigns.ids, "number": CAMPAIGNS},
)
goals = env["sales.campaign.goal"].create(
    [
        {
            "name": name,
            "campaign_id": campaign.id,
            "res_model": "crm.lead",
            "condition": condition,
            "measure": measure,
            "sum_field": "crm.lead.expected_revenue",
            "date_field": "crm.lead.create_date",
            "target": 100,
        }
        for campaign in campaigns[:1]
        for name, condition, measure in (
            ("Found", OPPORTUNITY, "count"),
            ("Won", WON, "count"),
            ("Companies", OPPORTUNITY, "companies"),
            ("Amount", WON, "sum"),
        )
    ]
)
for campaign in campaigns[1:]:
    goals |= goals[:4].copy({"campaign_id": campaign.id})
env.cr.commit()
env.cr.execute("ANALYZE crm_lead")
env.cr.execute("ANALYZE crm_lead_sales_campaign_rel")
env.cr.commit()

HAND = {
    "Found": ("COUNT(*)", "", ""),
    "Won": ("COUNT(*)", "", "AND lead.won_status = 'won'"),
    "Companies": (
        "COUNT(DISTINCT partner.commercial_partner_id)",
        "LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id",
        "",
    ),
    "Amount": ("SUM(lead.expected_revenue)", "", "AND lead.won_status = 'won'"),
}


def by_hand():
    result = {}
    for name, (aggregate, join, condition) in HAND.items():
        active = "lead.active"
        if name in ("Won", "Amount"):
            active = "(lead.active OR lead.won_status = 'lost')"
        env.cr.execute(
            f'''SELECT link.sales_campaign_id, {aggregate}
                  FROM crm_lead_sales_campaign_rel AS link
                  JOIN crm_lead AS lead ON lead.id = link.crm_lead_id {join}
                 WHERE lead.type = 'opportunity' AND {active} {condition}
                   AND link.sales_campaign_id = ANY(%s)
                   AND (lead.company_id IS NULL OR lead.company_id = ANY(%s))
              GROUP BY link.sales_campaign_id''',
            [campaigns.ids, env.company.ids],
        )
        for campaign_id, value in env.cr.fetchall():
            result[name, campaign_id] = float(value)
    return result


def by_goals():
    env.invalidate_all()
    goals.mapped("state")
    return {(goal.name, goal.campaign_id.id): goal.current for goal in goals}


best, found = {}, {}
for _number in range(REPEAT):
    for label, function in (("by hand, in SQL", by_hand), ("80 goals", by_goals)):
        queries = env.cr.sql_log_count
        start = time.perf_counter()
        found[label] = function()
        took = time.perf_counter() - start
        best[label] = min(took, best.get(label, took))
        last = env.cr.sql_log_count - queries
assert all(
    abs(found["80 goals"][key] - value) < 0.02
    for key, value in found["by hand, in SQL"].items()
), "the numbers differ"
print(f"{len(goals)} goals of {len(campaigns)} campaigns on {DEALS} opportunities, "
      f"{last} queries, best of {REPEAT}")
for label, took in best.items():
    print(f"{label:20} {took:7.2f} s {took / best['by hand, in SQL']:7.2f}")
env.cr.rollback()
"""
