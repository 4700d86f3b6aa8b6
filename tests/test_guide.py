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
# Odoo's own addons whose words the guide quotes.
ODOO = ("base", "base_import", "crm", "mail", "sale", "sales_team", "web")


def read(language, page):
    return (GUIDE / language / page).read_text()


def get_quoted(language, page):
    """What is bold: names on the screen, each menu of a path by itself."""
    quoted = re.findall(r"\*\*(.+?)\*\*", read(language, page), re.S)
    return [word for path in quoted for word in clean(path).split(" > ")]


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


def test_menus_are_on_the_screen(bench, odoo_database, odoo_cli):
    """Each path that begins at the app is one of its menus, for a sales manager."""
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
    names[language] = menus.mapped("complete_name")
print("MENUS", json.dumps(names))
"""
    answer = odoo_cli.shell(database, code)
    menus = json.loads(re.search("^MENUS (.*)$", answer, re.M)[1])
    wrong = [
        f"{language}/{page}: {path}"
        for language in ("en", "fr")
        for page in PAGES
        for path in map(
            clean, re.findall(r"\*\*(CRM > .+?)\*\*", read(language, page), re.S)
        )
        if path.replace(" > ", "/") not in map(clean, menus[language])
    ]
    assert not wrong, "\n".join(wrong)
