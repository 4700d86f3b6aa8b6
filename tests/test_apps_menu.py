"""Both addons are installed from Odoo's Apps menu, as an administrator does it."""

import pytest

ADDONS = {
    "Sales Pipeline Plus": "sales_pipeline_plus",
    "Sales Campaign Goals": "sales_campaign_goals",
}
# Installing an addon reloads the registry and compiles the web client's assets again.
INSTALLATION_MS = 300_000


@pytest.fixture
def database(odoo_database):
    return odoo_database("bare")


def _activate(page, url, title):
    """Search an addon in the Apps menu and press Activate; wait for the web client."""
    page.goto(f"{url}/odoo/apps")
    page.wait_for_selector(".o_modules_kanban .o_kanban_record")
    search = page.locator(".o_searchview_input")
    search.fill(title)
    search.press("Enter")
    card = page.locator(f".o_kanban_record:has-text('{title}')")
    card.wait_for()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth",
        arg=card.locator("img").first.element_handle(),
    )
    card.locator("button:has-text('Activate')").click()
    page.wait_for_function(
        "() => !window.location.pathname.endsWith('/apps')"
        " && document.querySelector('.o_main_navbar')",
        timeout=INSTALLATION_MS,
    )


def test_install_from_the_apps_menu(database, odoo_server, page, login, screenshot):
    server = odoo_server(database)
    login(page, server.url)
    for title, name in ADDONS.items():
        _activate(page, server.url, title)
        assert database.query(
            "SELECT state FROM ir_module_module WHERE name = %s", [name]
        ) == [("installed",)]
    page.goto(f"{server.url}/odoo/crm")
    page.wait_for_selector(".o_kanban_group:has-text('Qualified')")
    page.goto(f"{server.url}/odoo/sales-pipelines")
    page.wait_for_selector(".o_kanban_record:has-text('Sales Pipeline')")
    screenshot(page, "installed_from_the_apps_menu")
