"""Each sign of our own screens has words for those who do not see it."""

import re
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[1]
NAMES = ("title", "aria-label", "aria-hidden", "string", "data-tooltip")
FILES = sorted(
    path
    for addon in ("sales_pipeline_plus", "sales_campaign_goals")
    for path in (ROOT / addon).rglob("*.xml")
    if not {"tests", "i18n"} & set(path.relative_to(ROOT).parts)
)
SIGNS = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")


def _is_named(element):
    return any(
        name in element.attrib
        or f"t-att-{name}" in element.attrib
        or f"t-attf-{name}" in element.attrib
        for name in NAMES
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_icons_and_inputs_are_named(path):
    tree = etree.parse(path)
    for element in tree.iter("i"):
        if not re.search(r"\b(fa|oi)\b", str(element.attrib)):
            continue  # a word in italics
        parent = element.getparent()
        named = _is_named(element) or (
            parent.tag in ("a", "button") and _is_named(parent)
        )
        assert named, f"{path.name}: line {element.sourceline}"
    for element in tree.iter("input", "select", "textarea", "img"):
        named = _is_named(element) or any(
            name in element.attrib for name in ("id", "t-att-id", "t-attf-id", "alt")
        )
        named = named or element.get("type") == "hidden"
        named = named or next(element.iterancestors("label"), None) is not None
        assert named, f"{path.name}: line {element.sourceline}"


def test_no_emoji_as_signs():
    """The web client has icons, which look the same everywhere and take its colours."""
    for path in FILES:
        assert not SIGNS.search(path.read_text("utf-8")), path
    for addon in ("sales_pipeline_plus", "sales_campaign_goals"):
        for path in (ROOT / addon / "static" / "src").rglob("*.js"):
            text = path.read_text("utf-8")
            assert not SIGNS.search(text), path
            assert not re.search(r"\\u(26|27|2b)[0-9a-f]{2}|\\u\{1f", text), path
