import re

import polib

from odoo.tools import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%s|%%|\$\{[^}]*\}")
LANGUAGES = ("fr", "de", "es", "it", "nl")


class TranslationCase:
    """The translations of an addon are complete, as far as the files tell."""

    module = None

    def test_translations_are_complete(self):
        folder = f"{self.module}/i18n"
        template = polib.pofile(file_path(f"{folder}/{self.module}.pot"))
        self.assertTrue(template)
        for language in LANGUAGES:
            translated = {
                entry.msgid: entry
                for entry in polib.pofile(file_path(f"{folder}/{language}.po"))
                if not entry.obsolete
            }
            wrong = {
                source.msgid: problem
                for source in template
                if (problem := self._get_problem(source, translated))
            }
            with self.subTest(language=language):
                self.assertFalse(wrong)

    def _get_problem(self, source, translated):
        entry = translated.get(source.msgid)
        if not entry or not entry.msgstr:
            return "is not translated"
        if entry.fuzzy:
            return "is fuzzy"
        texts = (source.msgid, entry.msgstr)
        if len({frozenset(PLACEHOLDER.findall(text)) for text in texts}) > 1:
            return "has other placeholders"
        return None
