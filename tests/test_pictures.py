"""The pictures of the description pages: all that is shown is there, and shown."""

import io
import re
from pathlib import Path

import pytest
from odoo_setup import pictures
from odoo_setup.checkout import ADDONS
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
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


def test_a_picture_is_shrunk():
    output = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(output, "PNG")
    image = Image.open(io.BytesIO(pictures.shrink(output.getvalue())))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (256, 256))
