"""The pictures of the addons' description pages, taken from the demo in a browser."""

import contextlib
import io
import os
from typing import NamedTuple

from . import browser, console, odoo_app
from .checkout import ADDONS

LANGUAGES = {"en_US": ".", "fr_FR": "fr"}
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Of the first page, for which the web client's assets are compiled
PATIENCE = 180_000
COLOURS = 192
# OdooBot's welcome opens at any moment after the first log-in.
NO_WELCOME = "UPDATE res_users SET odoobot_state = 'disabled'"


class Picture(NamedTuple):
    """What is shown: a path in the web client, with the database's identifier of
    ``record`` in place of ``{id}``, once there is an element ``ready``.

    ``press``: what is clicked then, one after the other.
    """

    addon: str
    name: str
    path: str
    ready: str
    record: str = ""
    press: tuple = ()
    size: dict = DESKTOP


PIPELINE, CAMPAIGNS = ADDONS
SHOW = f"{CAMPAIGNS}.sales_campaign_lyon_show"
FORM = ".o_form_view .o_form_sheet"
CHARTS = "canvas"
PICTURES = (
    Picture(
        PIPELINE,
        "pipeline",
        "action-crm.crm_lead_action_pipeline",
        ".o_kanban_record:not(.o_kanban_ghost)",
    ),
    Picture(PIPELINE, "by_expected_closing", "by-decision-date", ".o_kanban_record"),
    Picture(PIPELINE, "weekly_review", "weekly-review", ".o_data_row"),
    Picture(PIPELINE, "flash_figures", "flash-figures", CHARTS),
    Picture(PIPELINE, "what_changed", "what-changed", CHARTS),
    Picture(PIPELINE, "what_will_come", "what-will-come", "svg, canvas"),
    Picture(PIPELINE, "funnel", "funnel", ".o_action"),
    Picture(PIPELINE, "workbooks", "crm-workbooks", ".o_action"),
    Picture(
        PIPELINE,
        "deal",
        "action-crm.crm_lead_action_pipeline/{id}",
        FORM,
        f"{PIPELINE}.lead_turning_line",
    ),
    Picture(CAMPAIGNS, "campaigns", "sales-campaigns", ".o_kanban_record"),
    Picture(CAMPAIGNS, "campaign", "sales-campaigns/{id}", FORM, SHOW),
    Picture(
        CAMPAIGNS, "campaign_phone", "sales-campaigns/{id}", FORM, SHOW, size=PHONE
    ),
    Picture(CAMPAIGNS, "goals", "campaign-goals", ".o_action .o_view_controller"),
)


def take(everything, languages, names):
    """Take the pictures of these names, or all, in these languages."""
    from playwright.sync_api import sync_playwright

    executable = browser.find()
    if not executable:
        raise console.Failure("There is no browser.", browser.MISSING)
    pictures = [each for each in PICTURES if not names or each.name in names]
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
            with _demo(everything, language) as (server, database):
                for picture in pictures:
                    with console.Step(f"{language}: {picture.name}"):
                        _take(everything, chromium, server, database, picture, language)
        chromium.close()


@contextlib.contextmanager
def _demo(everything, language):
    """A server of the demo in a language, on a database that is dropped afterwards."""
    template = everything.template("addons_demo")
    database = everything.temporary_name()
    everything.clone(template, database)
    try:
        with everything.server.cursor(database) as cr:
            cr.execute(NO_WELCOME)
        if language != "en_US":
            with console.Step(f"Loading the language {language}"):
                everything.app.set_language(database, language, demo=True)
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


def _take(everything, chromium, server, database, picture, language):
    context = chromium.new_context(
        viewport=picture.size,
        locale=language.replace("_", "-"),
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
        has_touch=picture.size == PHONE,
        device_scale_factor=2 if picture.size == PHONE else 1,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    number = _find(everything, database, picture.record) if picture.record else ""
    page.goto(f"{server.url}/odoo/{picture.path.format(id=number)}")
    page.wait_for_selector(picture.ready)
    for selector in picture.press:
        page.click(selector)
    image = _wait_until_still(page)
    folder = everything.checkout.root / picture.addon / "static" / "description"
    path = folder / LANGUAGES[language] / f"{picture.name}.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(shrink(image))
    context.close()


def _find(everything, database, xml_id):
    with everything.server.cursor(database) as cr:
        cr.execute(
            "SELECT res_id FROM ir_model_data WHERE module || '.' || name = %s",
            [xml_id],
        )
        return cr.fetchone()[0]


def _wait_until_still(page):
    """Return a screenshot that is as the three before it: all is loaded and drawn."""
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    images = []
    while len(images) < 4 or len(set(images[-4:])) > 1:
        images.append(page.screenshot(animations="disabled"))
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
