"""The examples of DEVELOP.md: an addon for each hook, with a test of its own."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "addons"
DEVELOP = "sales_pipeline_plus/readme/DEVELOP.md"


def get_examples():
    return sorted(path.parent.name for path in FOLDER.glob("*/__manifest__.py"))


def test_every_example_works(bench, odoo_database, odoo_cli):
    """They are installed together, beside both addons, and run their own tests."""
    database = odoo_database("addons")
    examples = get_examples()
    with odoo_cli.addons_path(bench.checkout.root, FOLDER):
        log = odoo_cli(
            database,
            *("--init", ",".join(examples), "--stop-after-init", "--no-http"),
            *("--test-tags", ",".join(f"/{name}" for name in examples)),
        )
    assert not re.search(r" (ERROR|CRITICAL) ", log), log[-5000:]
    for name in examples:
        assert re.search(rf"{name}\.tests.*: Starting TestExample", log), name


def test_every_example_is_told(bench):
    text = (bench.checkout.root / DEVELOP).read_text()
    told = set(re.findall(r"tests/addons/(\w+)", text))
    assert told == set(get_examples())
