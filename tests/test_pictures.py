"""The pictures of the description pages: all that is shown is there, and shown."""

import io
import re
from pathlib import Path

import pytest
from odoo_setup import picture_notes, pictures
from odoo_setup.checkout import ADDONS
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
# Of one picture, in bytes
LARGEST = 200_000
TERMS = f"i18n/{ADDONS[0]}.pot"
POT = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "{}"
msgstr ""
"""
# What the manifest and the Apps menu show
OWN = {"banner.png", "icon.png", "icon.svg"}


def get_shown(page):
    """Return the pictures that a page shows, in its order."""
    return re.findall(r'src="([^"]+)"', page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("addon", ADDONS)
def test_pages_show_every_picture_and_no_other(addon):
    folder = ROOT / addon / "static" / "description"
    shown = {source for page in folder.glob("*.html") for source in get_shown(page)}
    files = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.*")
        if path.suffix != ".html"
    }
    assert files - OWN == shown


@pytest.mark.parametrize("addon", ADDONS)
def test_each_picture_is_made_by_the_script_and_modest(addon):
    folder = ROOT / addon / "static" / "description"
    made = {
        Path(sub, f"{picture.name}.png").as_posix()
        for picture in pictures.PICTURES
        if picture.addon == addon
        for sub in pictures.LANGUAGES.values()
    }
    english, french = (
        get_shown(folder / page) for page in ("index.html", "index_fr.html")
    )
    assert {*english, *french} == made
    assert french == [f"fr/{name}" for name in english]
    for name in made:
        assert (folder / name).stat().st_size < LARGEST, name


def test_none_is_stale():
    """./setup/pictures takes those anew that are named here."""
    notes = picture_notes.Notes(ROOT)
    assert notes.find_stale(pictures.PICTURES, pictures.LANGUAGES) == []


VIEW = """<list>
    <field name="{field}" /> <!-- {comment} --> <b class="{look}">{text}</b>
</list>"""
SAYS = {"field": "amount", "comment": "One", "look": "big", "text": "Total"}


@pytest.mark.parametrize(
    ("change", "term", "stale"),
    [
        ({}, "Won", []),
        ({"comment": "Two", "look": "small", "text": " Total\n"}, "Won", []),
        ({"field": "count"}, "Won", ["list: its views have changed"]),
        ({"text": "Sum"}, "Won", ["list: its views have changed"]),
        ({}, "Gained", ["list (en_US): Won"]),
    ],
)
def test_what_makes_a_picture_stale(change, term, stale, tmp_path):
    for addon in ADDONS:
        (tmp_path / addon / "i18n").mkdir(parents=True)
        (tmp_path / addon / "i18n" / f"{addon}.pot").write_text(POT.format("Other"))
    (tmp_path / "setup").mkdir()
    view, terms = (tmp_path / ADDONS[0] / name for name in ("list.xml", TERMS))
    picture = pictures.Picture(ADDONS[0], "list", "list", ".o_list", ("list.xml",))
    view.write_text(VIEW.format(**SAYS))
    terms.write_text(POT.format("Won"))
    picture_notes.Notes(tmp_path).write(picture, "en_US", [" Won", "Lathe TX 200"])

    view.write_text(VIEW.format(**SAYS | change))
    terms.write_text(POT.format(term))
    picture_notes.get_terms.cache_clear()
    notes = picture_notes.Notes(tmp_path)
    assert notes.find_stale([picture], ["en_US"]) == stale


def test_a_picture_is_shrunk():
    output = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(output, "PNG")
    image = Image.open(io.BytesIO(pictures.shrink(output.getvalue())))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (256, 256))
