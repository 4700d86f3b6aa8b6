"""What axe-core finds in the addons' own parts of the web client: nothing.

Odoo's own parts are left out by the selectors, and by STOCK where they stand within
ours.
"""

import pytest

ACTION = "/odoo/action-sales_pipeline_plus"
# The rules that Odoo's own parts break within ours.
STOCK = (
    # The web client's kanban cards are articles with the role of a link.
    ("aria-allowed-role", "o_kanban_record"),
    # Its autocompletion and its tags say what is selected of what cannot be.
    ("aria-allowed-attr", "o-autocomplete--input"),
    ("aria-allowed-attr", "o_tag "),
    # Its select menus, tabs and dialogs.
    ("aria-allowed-attr", "o-dropdown"),
    ("autocomplete-valid", "o_select_menu_input"),
    ("aria-required-parent", "nav-link"),
    ("landmark-main-is-top-level", "o_content"),
    ("landmark-no-duplicate-main", "modal-body"),
    ("landmark-unique", "modal-body"),
)
PAGES = {
    "overview": (
        "/odoo/sales-pipelines",
        ".o_pipeline_overview .o_kanban_record",
        [".o_pipeline_first_steps", ".o_pipeline_overview .o_kanban_renderer"],
    ),
    "flash figures": (
        "/odoo/flash-figures",
        ".o_figure_ready .o_figure_tile",
        [".o_flash_figures"],
    ),
    "funnel": (
        "/odoo/funnel",
        ".o_figure_ready .o_funnel_stage",
        [".o_funnel"],
    ),
    "first page": (
        "/odoo/my-day",
        ".o_first_page .o_data_row, .o_first_page .o_kanban_record",
        [".o_first_page_salespeople", ".o_first_page .o_next_action"],
    ),
    "outlook": (
        "/odoo/what-will-come",
        ".o_outlook .card",
        [".o_outlook"],
    ),
    "what changed": (
        "/odoo/what-changed",
        ".o_what_changed .card",
        [".o_what_changed"],
    ),
    "targets": (
        "/odoo/targets-and-pipeline",
        ".o_target_page table, .o_target_page .card",
        [".o_target_page"],
    ),
    "decision view": (
        f"{ACTION}.crm_lead_action_decision",
        ".o_decision_figures",
        [".o_decision_figures", ".o_pipeline_card_figures", ".o_next_action"],
    ),
    "weekly review": (
        f"{ACTION}.crm_lead_action_review",
        ".o_data_row .o_next_action, .o_kanban_record .o_next_action",
        [".o_next_action"],
    ),
}


@pytest.fixture(scope="module")
def server(odoo_database, odoo_server):
    return odoo_server(odoo_database("addons_demo"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_page(server, new_page, login, find_violations, name, width):
    page = new_page(viewport={"width": width, "height": 900})
    login(page, server.url)
    url, ready, selectors = PAGES[name]
    page.goto(server.url + url)
    page.locator(ready).first.wait_for()
    for selector in selectors:
        if page.locator(selector).count():
            check(find_violations, page, selector)


def test_dialogs(server, new_page, login, find_violations):
    # A dialog that is still fading in has no contrast.
    page = new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    login(page, server.url)
    page.goto(server.url + "/odoo/flash-figures")
    page.locator(".o_figure_ready").wait_for()
    page.locator(".o_figure_choose").click()
    page.locator(".modal .o_figure_save").wait_for()
    check(find_violations, page, ".modal-body")
    page.goto(f"{server.url}{ACTION}.crm_pipeline_settings_action")
    page.locator(".modal button[name=action_save]").wait_for()
    check(find_violations, page, ".modal-body")
    page.goto(server.url + "/odoo/sales-pipelines")
    page.locator(".o_switch_view.o_list").click()
    page.locator(".o_data_cell[name=name]").first.click()
    page.locator(".o_list_record_open_form_view button").first.click()
    page.locator(".modal .o_field_widget[name=definition]").wait_for()
    check(find_violations, page, ".modal-body")


def check(find_violations, page, selector):
    found = [
        violation
        for violation in find_violations(page, selector)
        if not any(
            violation.startswith(f"{rule} (") and part in violation
            for rule, part in STOCK
        )
    ]
    assert not found, f"{selector}:\n" + "\n".join(found)
