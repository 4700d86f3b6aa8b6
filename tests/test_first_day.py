"""The first day of a sales manager: from the first steps to a pipeline of their own."""

import pytest

OVERVIEW = "/odoo/action-sales_pipeline_plus.crm_pipeline_action"


@pytest.mark.parametrize("width", [1440, 390])
def test_first_pipeline(odoo_database, odoo_server, new_page, login, width):
    server = odoo_server(odoo_database("addons"))
    page = new_page(viewport={"width": width, "height": 900})
    login(page, server.url)
    page.goto(f"{server.url}/odoo/action-sales_pipeline_plus.crm_pipeline_action")
    steps = page.locator(".o_pipeline_first_steps")
    pipelines = steps.locator("[data-step=pipelines]")
    pipelines.locator(".fa-circle-o").wait_for()
    pipelines.get_by_role("button", name="New pipeline").click()
    page.get_by_label("Equipment and projects").check()
    page.get_by_text("Contact 10 % → Need Known 25 %").wait_for()
    page.locator(".o_field_widget[name=name] input").fill("Machines")
    page.locator(".o_form_button_save").click()
    page.get_by_role("cell", name="Negotiation").wait_for()
    page.goto(f"{server.url}/odoo/action-sales_pipeline_plus.crm_pipeline_action")
    pipelines.locator(".fa-check-circle").wait_for()
    steps.get_by_role("button", name="Close the first steps").click()
    steps.wait_for(state="detached")
    page.reload()
    page.get_by_text("Machines").first.wait_for()
    assert steps.count() == 0
