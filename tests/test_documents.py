"""README.rst and the guide's pages, which are made from the fragments in readme/."""

import docutils.core
import pytest
from odoo_setup import documents

MANIFEST = """{
    "name": "Own Addon",
    "version": "19.0.1.0.0",
    "author": "We",
    "license": "LGPL-3",
    "maintainers": ["somebody"],
    "development_status": "Beta",
}
"""
FILES = {
    "__manifest__.py": MANIFEST,
    "readme/DESCRIPTION.md": "What it **does**.\n",
    "readme/USAGE.md": "Press *the* button.\n\n## More\n\n|A|B|\n|-|-|\n|1|2|\n",
    "readme/CONTRIBUTORS.md": "- Somebody\n",
    "readme/guide/fr/index.md": "# Guide\n\n[Page](page.md)\n",
    "readme/guide/fr/page.md": "# L'été & l'hiver\n\nVoir **CRM > Ventes**.\n",
    "readme/guide/en/index.md": "# Guide\n\n[Page](page.md)\n",
    "readme/guide/en/page.md": "# Summer\n\nSee **CRM > Sales**.\n",
}


@pytest.fixture
def addon(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "own_addon" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "own_addon"


def make(addon):
    """Write what is stale; return the names of it."""
    stale = documents.get_stale(addon.parent, [addon.name])
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return sorted(str(path.relative_to(addon)) for path in stale)


def test_pages_are_made_once_and_again_when_a_fragment_changes(addon):
    assert make(addon) == [
        "README.rst",
        *(
            f"static/guide/{language}/{page}.html"
            for language in ("en", "fr")
            for page in ("index", "page")
        ),
    ]
    assert make(addon) == []
    (addon / "readme" / "USAGE.md").write_text("Press another button.\n")
    assert make(addon) == ["README.rst"]
    (addon / "readme" / "guide" / "fr" / "page.md").write_text("# Autre\n")
    assert make(addon) == [
        "static/guide/fr/index.html",
        "static/guide/fr/page.html",
    ]


def test_readme_is_valid_and_whole(addon):
    make(addon)
    text = (addon / "README.rst").read_text()
    page = docutils.core.publish_string(
        text, writer="html", settings_overrides={"halt_level": 2}
    ).decode()
    for part in (
        "Own Addon",
        "19.0.1.0.0",
        "Beta",
        "<strong>does</strong>",
        "somebody",
    ):
        assert part in page
    assert "Usage\n=====\n" in text and "More\n----\n" in text


def test_guide_leads_from_page_to_page_and_to_the_other_language(addon):
    make(addon)
    text = (addon / "static" / "guide" / "fr" / "page.html").read_text()
    assert '<html lang="fr">' in text
    assert "<title>L&#x27;été &amp; l&#x27;hiver</title>" in text
    assert '<a href="index.html">Guide</a>' in text
    assert 'href="../en/page.html"' in text
    index = (addon / "static" / "guide" / "fr" / "index.html").read_text()
    assert '<a href="page.html">Page</a>' in index
