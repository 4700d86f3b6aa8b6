"""The user guide: what it quotes is what stands on the screen, in both languages."""

import json
import re
from itertools import zip_longest
from pathlib import Path

import polib
import pytest
from odoo_setup.checkout import ADDONS

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "sales_pipeline_plus" / "readme" / "guide"
PAGES = sorted(path.name for path in (GUIDE / "fr").glob("*.md"))
# The tours that walk a page; the first one is its own: it opens each menu that the page
# names.
TOURS = {
    "index.md": ("sales_pipeline_plus_guide_index",),
    "pipelines.md": (
        "sales_pipeline_plus_guide_pipelines",
        "sales_pipeline_plus_story_first_day",
        "sales_pipeline_plus_story_second_pipeline",
        "sales_pipeline_plus_required_on_drag",
    ),
    "monday.md": (
        "sales_pipeline_plus_guide_monday",
        "sales_pipeline_plus_what_changed",
        "sales_pipeline_plus_plan_from_review",
        "sales_pipeline_plus_decision_drag",
        "sales_pipeline_plus_first_page",
    ),
    "month.md": (
        "sales_pipeline_plus_guide_month",
        "sales_pipeline_plus_story_monthly_meeting",
        "sales_pipeline_plus_flash_figures",
        "sales_pipeline_plus_targets",
        "sales_pipeline_plus_outlook",
        "sales_pipeline_plus_forecast_reliability",
    ),
    "figures.md": (
        "sales_pipeline_plus_guide_figures",
        "sales_pipeline_plus_flash_figures",
    ),
    "import.md": (
        "sales_pipeline_plus_guide_import",
        "sales_pipeline_plus_import_missing",
    ),
    "rights.md": (
        "sales_pipeline_plus_guide_rights",
        "sales_pipeline_plus_required_in_form",
    ),
    "tradeshow.md": (
        "sales_campaign_guide_tradeshow",
        "sales_campaign_pattern_tour",
        "sales_campaign_goal_tour",
        "sales_campaign_company_met_tour",
        "sales_campaign_return_tour",
    ),
}
# Odoo's own addons whose words the guide quotes.
ODOO = ("base", "base_import", "crm", "mail", "sale", "sales_team", "web")


def read(language, page):
    return (GUIDE / language / page).read_text()


def get_quoted(language, page):
    """What is bold: names on the screen, each menu of a path by itself."""
    quoted = re.findall(r"\*\*(.+?)\*\*", read(language, page), re.S)
    return [word for path in quoted for word in clean(path).split(" > ")]


def get_menus(language, page):
    """The paths from the app to a menu that a page names."""
    paths = re.findall(r"\*\*(CRM > .+?)\*\*", read(language, page), re.S)
    return [clean(path) for path in paths]


def get_tour_files(tour):
    """The files in which a tour is written."""
    return [
        text
        for addon in ADDONS
        for path in (ROOT / addon / "static" / "tests" / "tours").rglob("*.js")
        if f'.add("{tour}"' in (text := path.read_text())
    ]


def clean(text):
    """With one kind of spaces and apostrophes."""
    return " ".join(text.split()).replace("’", "'")


@pytest.fixture(scope="module")
def translations(bench):
    """{English term: French terms} of both addons and of those of Odoo below them."""
    files = [ROOT / addon / "i18n" / "fr.po" for addon in ADDONS]
    for folder in bench.app.odoo.addons_paths:
        files += [Path(folder) / name / "i18n" / "fr.po" for name in ODOO]
    terms = {}
    for file in filter(Path.exists, files):
        for entry in polib.pofile(str(file)):
            terms.setdefault(clean(entry.msgid), set()).add(clean(entry.msgstr))
    return terms


def test_pages_are_the_same_in_both_languages():
    assert PAGES == sorted(path.name for path in (GUIDE / "en").glob("*.md"))
    for language in ("en", "fr"):
        told = re.findall(r"\]\((\w+\.md)\)", read(language, "index.md"))
        assert sorted(["index.md", *told]) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_quoted_names_are_terms(page, translations):
    """Both languages quote the same terms in the same order."""
    wrong = [
        f"{english} | {french}, not {translations.get(english)}"
        for english, french in zip_longest(
            get_quoted("en", page), get_quoted("fr", page)
        )
        if french not in translations.get(english, ())
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_links_lead_somewhere(language, page):
    for target in re.findall(r"\]\(([^)]+)\)", read(language, page)):
        assert (GUIDE / language / target).exists(), target


def test_each_page_is_walked_by_tours():
    """The tours of a page are there, and a test of the addons starts each of them."""
    tests = "".join(
        path.read_text()
        for addon in ADDONS
        for path in (ROOT / addon / "tests").rglob("test_*.py")
    )
    assert sorted(TOURS) == PAGES
    for page, tours in TOURS.items():
        for tour in tours:
            assert get_tour_files(tour), (page, tour)
        # Those of the guide are started by the name of their page.
        stem = page.removesuffix(".md")
        assert f'self._walk("{stem}"' in tests or f'"{tours[0]}"' in tests, page
        for tour in tours[1:]:
            assert f'"{tour}"' in tests, (page, tour)


def test_figures_are_looked_for_by_their_names():
    names = re.findall(r"^\| \*\*(.+?)\*\*", read("en", "figures.md"), re.M)
    (tour,) = get_tour_files(TOURS["figures.md"][0])
    assert names
    assert [name for name in names if f'"{name}"' not in tour] == []


def test_menus_are_on_the_screen(bench, odoo_database, odoo_cli):
    """Each path that begins at the app is one of its menus, for a sales manager, and
    the page's own tour opens it."""
    database = odoo_database("addons")
    bench.app.set_language(database, "fr_FR")
    code = """
import json
manager = env["res.users"].create({
    "name": "Manager", "login": "manager",
    "group_ids": [(4, env.ref("sales_team.group_sale_manager").id)],
})
names = {}
for language, lang in (("en", "en_US"), ("fr", "fr_FR")):
    env.invalidate_all()  # a menu's whole name is kept in whatever language was first
    menus = env["ir.ui.menu"].with_user(manager).with_context(lang=lang).search([])
    ids = menus.get_external_id()
    names[language] = {menu.complete_name: ids[menu.id] for menu in menus}
print("MENUS", json.dumps(names))
"""
    answer = odoo_cli.shell(database, code)
    menus = json.loads(re.search("^MENUS (.*)$", answer, re.M)[1])
    for language, names in menus.items():
        known = {clean(name).replace("/", " > "): name for name in names}
        named = [(page, path) for page in PAGES for path in get_menus(language, page)]
        assert named
        assert [each for each in named if each[1] not in known] == []
        assert [
            (page, path)
            for page, path in named
            if names[known[path]] not in get_tour_files(TOURS[page][0])[0]
        ] == []
