"""./setup/run --lang fr_FR tells the demo's story in French, the whole of it."""

import ast
import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from odoo_setup import demo_texts
from odoo_setup.checkout import ADDONS

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "fr_FR"
# What has no language: names of people and companies, addresses, codes, keys
NO_LANGUAGE = {
    "crm.lead": {"contact_name", "partner_name", "email_from", "email_normalized"},
    "res.partner": {"name", "complete_name", "street", "city", "email"},
    "res.users": {"signature"},
}
# The texts of the records that the demo data brought, and of our models' records that
# these made
FIND = """
import json
import sys
from odoo.tools import SQL
sys.path.append(SETUP)
from odoo_setup import demo_texts
found = []
for field in demo_texts.find_fields(env):
    ours = env[field.model_name]._original_module in demo_texts.ADDONS
    rows = env.execute_query(SQL(
        '''SELECT DISTINCT %(column)s FROM %(table)s AS record
            WHERE %(column)s IS NOT NULL AND (EXISTS (
                SELECT FROM ir_model_data
                 WHERE model = %(model)s AND res_id = record.id
                   AND module IN %(addons)s AND NOT name = ANY(%(known)s))
               OR %(ours)s AND NOT EXISTS (
                SELECT FROM ir_model_data
                 WHERE model = %(model)s AND res_id = record.id))''',
        column=SQL.identifier(field.name),
        table=SQL.identifier(env[field.model_name]._table),
        model=field.model_name, addons=demo_texts.ADDONS, known=KNOWN, ours=ours))
    for value, in rows:
        if field.translate:
            value = value.get("fr_FR") or value["en_US"]
        found.append((field.model_name, field.name, value))
print("FOUND", json.dumps(found))
"""


def get_written(addon):
    """Return {(file, text)} of the texts in an addon's demo files."""
    return {
        (path.name, text)
        for path in (ROOT / addon / "demo").rglob("*.xml")
        for element in ElementTree.parse(path).iter()
        for text in get_element_texts(element)
    }


def get_element_texts(element):
    name = element.get("name")
    if element.tag == "record" and element.get("model") in ("res.partner", "res.users"):
        for field in element:
            if field.get("name") != "function":
                field.clear()
    if element.tag == "field" and name not in ("domain", "filter_domain"):
        yield from get_texts((element.text or "").strip())
    if element.get("eval"):
        for node in ast.walk(ast.parse(element.get("eval").strip(), mode="eval")):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from get_texts(node.value)


def get_known():
    """The names of the records that are there without demo data."""
    return sorted(
        {
            name
            for addon in ADDONS
            for path in (ROOT / addon).rglob("*.xml")
            if "demo" not in path.parts
            for name in re.findall(r'\bid="(\w+)"', path.read_text(encoding="utf-8"))
        }
    )


@pytest.fixture(scope="module")
def database(odoo_database):
    return odoo_database("addons_demo")


def find(odoo_cli, database):
    """Return {(model, field, text)} of the demo data."""
    code = f"SETUP, KNOWN = {str(ROOT / 'setup')!r}, {get_known()!r}\n{FIND}"
    answer = odoo_cli.shell(database, code)
    return {
        (model, field, text)
        for model, field, value in json.loads(re.search("FOUND (.*)", answer)[1])
        if field not in NO_LANGUAGE.get(model, ())
        for text in get_texts(value)
    }


def get_texts(value):
    """Return the texts in a value: what has a word that is not a key."""
    if isinstance(value, dict):
        return get_texts([value.get("string"), value.get("selection")])
    if isinstance(value, list):
        return [text for each in value for text in get_texts(each)]
    parts = demo_texts.BETWEEN.split(value or "")[::2]
    return [part for part in parts if re.search(r"[A-Z][a-z]|[a-z]\s", part)]


@pytest.fixture(scope="module")
def texts():
    return demo_texts.read(ROOT, LANGUAGE)


@pytest.mark.parametrize("addon", ADDONS)
def test_every_text_of_the_files_has_its_french_one(addon, texts):
    written = get_written(addon)
    assert len(written) > 40
    unknown = sorted(each for each in written if each[1] not in texts)
    assert not unknown, "\n".join(map(str, unknown))


def test_no_english_text_is_left(bench, odoo_cli, database, texts):
    bench.app.translate_demo(database, LANGUAGE)
    left = sorted(
        each
        for each in find(odoo_cli, database)
        if texts.get(each[2], each[2]) != each[2]
    )
    assert not left, "\n".join(map(str, left))


def test_what_is_translated_keeps_its_english(odoo_cli, database):
    answer = odoo_cli.shell(
        database,
        "env['res.lang']._activate_lang('fr_FR')\n"
        "stage = env.ref('sales_pipeline_plus.stage_study')\n"
        "print('NAMES', stage.name, '/', stage.with_context(lang='fr_FR').name)\n",
    )
    assert "NAMES Technical study / Étude technique" in answer


def test_each_text_is_written_once_and_put_where_it_stands():
    for addon in ADDONS:
        path = ROOT / addon / "demo" / f"{LANGUAGE}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            english = [row["en_US"] for row in csv.DictReader(lines)]
        assert english == sorted(set(english)), addon
    texts = {"Lathe": "Tour", "Red": "Rouge", "Machines": "Machines-outils"}
    assert demo_texts.put("Lathe", texts) == "Tour"
    assert demo_texts.put("Lathe for rings", texts) == "Lathe for rings"
    assert demo_texts.put("<p>Lathe</p>", texts) == "<p>Tour</p>"
    assert demo_texts.put("[TX] Lathe\nRed", texts) == "[TX] Tour\nRouge"
    assert demo_texts.put("All / Machines", texts) == "All / Machines-outils"
    definition = [{"name": "a1", "string": "Red", "selection": [["b", "Lathe"]]}]
    assert demo_texts.put(definition, texts) == [
        {"name": "a1", "string": "Rouge", "selection": [["b", "Tour"]]}
    ]
