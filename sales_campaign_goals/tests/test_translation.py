import re

import polib

from odoo.tests import BaseCase, tagged
from odoo.tools import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%")


@tagged("-at_install", "post_install")
class TestTranslation(BaseCase):
    """The French translation is complete, as far as the files tell."""

    def test_french_is_complete(self):
        folder = "sales_campaign_goals/i18n"
        template = polib.pofile(file_path(f"{folder}/sales_campaign_goals.pot"))
        french = {
            entry.msgid: entry
            for entry in polib.pofile(file_path(f"{folder}/fr.po"))
            if not entry.obsolete
        }
        self.assertTrue(template)
        for source in template:
            with self.subTest(msgid=source.msgid):
                self.assertIn(source.msgid, french)
                entry = french[source.msgid]
                self.assertTrue(entry.msgstr)
                self.assertFalse(entry.fuzzy)
                self.assertEqual(
                    set(PLACEHOLDER.findall(entry.msgstr)),
                    set(PLACEHOLDER.findall(source.msgid)),
                )
