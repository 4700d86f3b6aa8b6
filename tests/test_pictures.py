"""The pictures of the description pages: all that is shown is there, and shown."""

import io
import re
from pathlib import Path

import pytest
from odoo_setup import pictures
from odoo_setup.checkout import ADDONS
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
# Of one picture, in bytes
LARGEST = 200_000
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


def test_a_picture_is_shrunk():
    output = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(output, "PNG")
    image = Image.open(io.BytesIO(pictures.shrink(output.getvalue())))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (256, 256))
