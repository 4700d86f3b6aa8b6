import re
from pathlib import Path

from odoo.tools import file_path

from odoo.addons.web.tests import test_js

IS_COMPONENT = re.compile(r"\bextends Component \{\n    static template = ")


class UnitMixin:
    """The unit tests of an addon's components, in Odoo's own runner, in a browser.

    For a ``PatientCase``. They are in ``static/tests/unit/<room>/``, each named as the
    file of its component.
    """

    module = None

    def test_components(self):
        suite = test_js.HOOTCommon._generate_hash(self, f"@{self.module}")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )

    def test_each_component_has_its_tests(self):
        static = Path(file_path(f"{self.module}/static"))
        tested = {path.name for path in (static / "tests/unit").rglob("*.test.js")}
        components = [
            path.name
            for path in (static / "src").rglob("*.js")
            if IS_COMPONENT.search(path.read_text())
        ]
        self.assertTrue(components)
        missing = {f"{Path(name).stem}.test.js" for name in components} - tested
        self.assertFalse(missing)
