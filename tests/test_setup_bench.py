"""The fixtures of conftest.py, on real databases: what the other tests stand on."""


def test_setup_database_is_a_clone(odoo_database, odoo_cli):
    database = odoo_database("addons")
    rows = database.query("SELECT name FROM ir_module_module WHERE state = 'installed'")
    assert {"sales_pipeline_plus", "sales_campaign_goals"} <= {name for (name,) in rows}
    assert odoo_cli.shell(database, "print(6 * 7, env.cr.dbname)").split() == [
        "42",
        database,
    ]


def test_setup_server_and_browser(odoo_database, odoo_server, page, login):
    server = odoo_server(odoo_database("addons"))
    login(page, server.url)
    page.goto(f"{server.url}/odoo/crm")
    page.wait_for_selector(".o_kanban_view, .o_list_view")
