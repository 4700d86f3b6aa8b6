"""What only reads runs on the read-only copy of the database, where there is one."""

import re

from odoo_rpc import Session

LINE = re.compile(
    r"POST /web/dataset/call_kw#(?P<call>[\w.]+) .* (?P<cursor>ro->rw|ro|rw)$"
)
FIGURES = {"period": "this_year"}


def test_figures_read_only(bench, odoo_database, odoo_server):
    """The second connection is to the same server, which refuses each write on it."""
    database = odoo_database("addons_demo")
    host = bench.server.host
    server = odoo_server(database, "--db_replica_host", str(host or ""))
    session = Session(server.url, database, "admin")
    opportunity = [("type", "=", "opportunity")]
    (deal_id,) = session.call("crm.lead", "search", opportunity, limit=1)
    stages = session.call("crm.stage", "search", [])
    reading = [
        ("crm.kpi", "get_catalogue"),
        ("crm.kpi", "get_figures", FIGURES, None, None, True),
        ("crm.kpi", "get_figures", FIGURES, None, "salesperson"),
        ("crm.kpi", "get_figures", FIGURES, None, None, True, True),
        ("crm.kpi", "get_coverage", FIGURES, "salesperson"),
        ("crm.kpi", "open_coverage_records", "velocity", FIGURES),
        ("crm.kpi", "get_target_figures"),
        ("crm.kpi", "get_trend", FIGURES),
        ("crm.kpi", "open_records", "won_count", FIGURES),
        ("crm.lead", "get_decision_made", opportunity, "month"),
        ("crm.lead", "get_move_requirements", [deal_id], stages[-1]),
        ("crm.lead", "get_stage_requirements", [deal_id], stages[-1]),
        ("crm.lead", "web_read", [deal_id], {"name": {}, "next_action_state": {}}),
        ("crm.pipeline", "web_search_read", [], {"open_lead_count": {}}),
        ("sales.campaign", "web_search_read", [], {"goal_state": {}}),
        ("sales.campaign.goal", "web_search_read", [], {"current": {}, "state": {}}),
    ]
    for model, method, *arguments in reading:
        session.call(model, method, *arguments)
    session.call("crm.lead", "write", [deal_id], {"priority": "2"})
    used = {}
    for line in server.log.read_text().splitlines():
        if found := LINE.search(line):
            used.setdefault(found["call"], set()).add(found["cursor"])
    for model, method, *_arguments in reading:
        assert used[f"{model}.{method}"] == {"ro"}, (model, method)
    assert used["crm.lead.write"] == {"rw"}
