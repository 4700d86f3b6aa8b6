"""The pictures of the description pages: all that is shown is there, and shown."""

import io
from pathlib import Path

import pytest
from odoo_setup import pictures
from odoo_setup.checkout import ADDONS
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
# Each picture, in both languages
LARGEST = 200_000
# What the manifest and the Apps menu show
OWN = {"banner.png", "icon.png", "icon.svg"}


def get_folder(addon):
    return ROOT / addon / "static" / "description"


@pytest.mark.parametrize("addon", ADDONS)
def test_pages_show_every_picture_and_no_other(addon):
    folder = get_folder(addon)
    files = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".html"
    }
    assert files - OWN == pictures.get_shown(folder)


@pytest.mark.parametrize("addon", ADDONS)
def test_each_picture_is_made_by_the_script_and_modest(addon):
    folder = get_folder(addon)
    made = {
        str(Path(sub) / f"{picture.name}.png")
        for picture in pictures.PICTURES
        if picture.addon == addon
        for sub in pictures.LANGUAGES.values()
    }
    assert pictures.get_shown(folder) == made
    for name in made:
        assert (folder / name).stat().st_size < LARGEST, name


@pytest.mark.parametrize("addon", ADDONS)
def test_the_pages_name_each_other_and_show_the_same(addon):
    folder = get_folder(addon)
    english, french = (
        [
            Path(source).name
            for source in pictures.IMAGE.findall((folder / page).read_text())
        ]
        for page in pictures.PAGES
    )
    assert english == french
    assert 'href="index_fr.html"' in (folder / "index.html").read_text()
    assert 'href="index.html"' in (folder / "index_fr.html").read_text()


def test_a_picture_is_shrunk():
    output = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(output, "PNG")
    image = Image.open(io.BytesIO(pictures.shrink(output.getvalue())))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (256, 256))
