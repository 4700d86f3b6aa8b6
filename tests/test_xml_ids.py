"""An XML id that is defined twice is the second record only: the first is lost."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("addon", ["sales_pipeline_plus", "sales_campaign_goals"])
def test_no_xml_id_is_defined_twice(addon):
    definitions = Counter()
    # Demo data may be given in steps, with what is made of it in between.
    folder = ROOT / addon
    for path in set(folder.rglob("*.xml")) - set((folder / "demo").rglob("*.xml")):
        tree = etree.parse(path)
        if tree.getroot().tag != "odoo":
            continue
        for node in tree.iter("record", "template", "menuitem"):
            definitions[node.get("id")] += 1
    twice = [name for name, count in definitions.items() if count > 1]
    assert not twice
