"""The pictures of the addons' description pages, taken from the demo in a browser."""

import contextlib
import io
import os
from typing import NamedTuple

from . import browser, console, odoo_app, picture_notes
from .checkout import ADDONS

LANGUAGES = {"en_US": ".", "fr_FR": "fr"}
DESKTOP = 1440
# Where what was said of a record stands below it, not beside it
FORM_WIDTH = 1280
PHONE = 390
# Of the first page, for which the web client's assets are compiled
PATIENCE = 180_000
COLOURS = 192
LOADING = ".o_loading_indicator"
# OdooBot's welcome opens at any moment after the first log-in.
NO_WELCOME = "UPDATE res_users SET odoobot_state = 'disabled'"
# The story of Tartempion, without that of Odoo's own demo data.
STORY = """
company = env.ref("base.main_company")
company.name = "Tartempion"
company.currency_id.symbol = "€"
if LANGUAGE == "fr_FR":
    company.currency_id.position = "after"
ours = env["ir.model.data"].search([
    ("model", "=", "crm.lead"), ("module", "in", ADDONS),
])
leads = env["crm.lead"].with_context(active_test=False).search([])
others = leads - leads.browse(ours.mapped("res_id"))
for model in ("crm.forecast.snapshot", "crm.lead.passage"):
    env[model].search([("lead_id", "in", others.ids)]).unlink()
others.unlink()
env.cr.commit()
"""


class Picture(NamedTuple):
    """What is shown: a path in the web client, with the database's identifier of
    ``record`` in place of ``{id}``, once there is an element ``ready``.

    ``shows``: the addon's files that say what is on it.
    ``press``: what is clicked then, one after the other.
    ``crop``: the element that the picture is of.
    """

    addon: str
    name: str
    path: str
    ready: str
    shows: tuple
    record: str = ""
    press: tuple = ()
    width: int = DESKTOP
    height: int = 860
    crop: str = ".o_action_manager"


PIPELINE, CAMPAIGNS = ADDONS
SHOW = f"{CAMPAIGNS}.sales_campaign_lyon_show"
MY_PIPELINE = "action-crm.crm_lead_action_pipeline"
FORM = ".o_form_view .o_form_sheet"
CHARTS = "canvas"
EVERYBODY = ".o_searchview_facet:first-child .o_facet_remove"
PIPELINES = ".o_search_panel > button"
FIRST_PIPELINE = ".o_search_panel_category_value:nth-child(2) header"
PICTURES = (
    Picture(
        PIPELINE,
        "pipeline",
        MY_PIPELINE,
        ".o_kanban_record:not(.o_kanban_ghost)",
        ("views/placement/crm_lead_views.xml",),
        press=(EVERYBODY, FIRST_PIPELINE),
    ),
    Picture(
        PIPELINE,
        "by_expected_closing",
        "by-decision-date",
        ".o_kanban_record",
        (
            "views/decision/crm_lead_decision_views.xml",
            "static/src/decision/decision_kanban_header.xml",
        ),
        press=(EVERYBODY, PIPELINES),
    ),
    Picture(
        PIPELINE,
        "weekly_review",
        "weekly-review",
        ".o_data_row",
        ("views/next_action/crm_lead_review_views.xml",),
        press=(PIPELINES,),
        height=654,
    ),
    Picture(
        PIPELINE,
        "flash_figures",
        "flash-figures",
        CHARTS,
        (
            "static/src/figures/flash_figures/flash_figures.xml",
            "static/src/figures/flash_figures/figure_filter_bar.xml",
            "static/src/figures/flash_figures/figure_tile.xml",
        ),
        height=900,
    ),
    Picture(
        PIPELINE,
        "what_changed",
        "what-changed",
        CHARTS,
        (
            "static/src/waterfall/what_changed.xml",
            "static/src/waterfall/change_filter_bar.xml",
        ),
        press=(".o_change_start=4",),
        height=822,
    ),
    Picture(
        PIPELINE,
        "what_will_come",
        "what-will-come",
        ".o_outlook table",
        (
            "static/src/outlook/outlook.xml",
            "static/src/outlook/outlook_filter_bar.xml",
        ),
        height=806,
    ),
    Picture(
        PIPELINE,
        "funnel",
        "funnel",
        ".o_action",
        ("static/src/funnel/funnel.xml", "static/src/funnel/funnel_stages.xml"),
        height=658,
    ),
    Picture(
        PIPELINE,
        "workbooks",
        "crm-workbooks",
        ".o_action",
        ("views/workbook/crm_workbook_views.xml",),
        press=(".o_list_buttons button, .o_control_panel_main_buttons button",),
        crop=".modal-content",
    ),
    Picture(
        PIPELINE,
        "deal",
        f"{MY_PIPELINE}/{{id}}",
        FORM,
        (
            "views/placement/crm_lead_views.xml",
            "views/next_action/crm_lead_next_action_views.xml",
        ),
        f"{PIPELINE}.lead_turning_line",
        width=FORM_WIDTH,
        height=880,
    ),
    Picture(
        CAMPAIGNS,
        "campaigns",
        "sales-campaigns",
        ".o_kanban_record",
        ("views/campaign/sales_campaign_views.xml",),
        height=580,
    ),
    Picture(
        CAMPAIGNS,
        "campaign",
        "sales-campaigns/{id}",
        FORM,
        ("views/campaign/sales_campaign_views.xml",),
        SHOW,
        width=FORM_WIDTH,
        height=880,
    ),
    Picture(
        CAMPAIGNS,
        "campaign_phone",
        "sales-campaigns/{id}",
        FORM,
        ("views/campaign/sales_campaign_views.xml",),
        SHOW,
        width=PHONE,
    ),
    Picture(
        CAMPAIGNS,
        "goals",
        "campaign-goals",
        ".o_data_row",
        ("views/goals/sales_campaign_goals_views.xml",),
    ),
)


def take(everything, languages, names):
    """Take the pictures of these names, or all, in these languages."""
    from playwright.sync_api import sync_playwright

    executable = browser.find()
    if not executable:
        raise console.Failure("There is no browser.", browser.MISSING)
    pictures = [each for each in PICTURES if not names or each.name in names]
    root = everything.checkout.root
    template = everything.template("addons_demo")
    notes = picture_notes.Notes(root)
    with (
        browser.temporary_home(everything.checkout) as home,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu"],
            env={**os.environ, **home},
        )
        for language in languages:
            with _demo(everything, template, language) as (server, database):
                for width in sorted({picture.width for picture in pictures}):
                    page = _log_in(chromium, server, language, width)
                    for picture in pictures:
                        if picture.width == width:
                            with console.Step(f"{language}: {picture.name}"):
                                number = _find(everything, database, picture.record)
                                words = _take(root, page, picture, language, number)
                                notes.write(picture, language, words)
                    page.context.close()
        chromium.close()


@contextlib.contextmanager
def _demo(everything, template, language):
    """A server of the demo in a language, on a database that is dropped afterwards."""
    database = everything.temporary_name()
    everything.clone(template, database)
    try:
        with everything.server.cursor(database) as cr:
            cr.execute(NO_WELCOME)
        with console.Step(f"Telling the story in {language}"):
            if language != "en_US":
                everything.app.set_language(database, language, demo=True)
            names = f"ADDONS, LANGUAGE = {ADDONS!r}, {language!r}\n"
            everything.app.shell(database, names + STORY)
        log = everything.checkout.logs / "pictures.log"
        log.write_text("")
        server = everything.app.start(
            database, odoo_app.free_port(), log, "--max-cron-threads", "0"
        )
        try:
            yield server.wait(), database
        finally:
            server.stop()
    finally:
        everything.drop(database)


def _log_in(chromium, server, language, width):
    """Return a page of the web client."""
    page = chromium.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 900},
        locale=language.replace("_", "-"),
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
        has_touch=width == PHONE,
        device_scale_factor=2 if width == PHONE else 1,
    ).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    return page


def _take(root, page, picture, language, number):
    """Take a picture; return the lines of text that are on it."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.goto(f"/odoo/{picture.path.format(id=number)}")
    page.wait_for_selector(picture.ready)
    for selector in picture.press:
        # "element=number" chooses an option of it.
        element, _equals, option = selector.partition("=")
        if option:
            page.select_option(element, index=int(option))
        else:
            page.click(element)
        page.wait_for_selector(LOADING, state="detached")
    image = _wait_until_still(page, picture.crop)
    path = get_path(root, picture, language)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(shrink(image))
    return page.inner_text(picture.crop).splitlines()


def get_path(root, picture, language):
    """Return the file of a picture."""
    folder = root / picture.addon / "static" / "description" / LANGUAGES[language]
    return folder / f"{picture.name}.png"


def _find(everything, database, xml_id):
    """Return the identifier of a record, or None if none is meant."""
    with everything.server.cursor(database) as cr:
        cr.execute(
            "SELECT res_id FROM ir_model_data WHERE module || '.' || name = %s",
            [xml_id],
        )
        return cr.fetchone()[0] if xml_id else None


def _wait_until_still(page, selector):
    """Return a picture that is as the three before it: all is loaded and drawn."""
    page.wait_for_selector(LOADING, state="detached")
    page.mouse.move(0, 0)
    element = page.locator(selector)
    images = []
    while len(images) < 4 or len(set(images[-4:])) > 1:
        images.append(element.screenshot(animations="disabled"))
        page.wait_for_timeout(250)
    return images[-1]


def shrink(image):
    """Return a PNG with fewer colours, a third of its size."""
    from PIL import Image

    picture = Image.open(io.BytesIO(image)).convert("RGB")
    output = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(
        output, "PNG", optimize=True
    )
    return output.getvalue()
