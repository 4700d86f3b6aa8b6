from datetime import date

import polib
from babel.dates import format_date
from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_path

from ...models.history.history_file import get_columns
from ...models.history.history_words import FIELDS
from ...models.history.import_words import STATUS_OF, get_status
from ...models.target.target_table import LANGUAGES, TEAM_HEADERS, read_spans
from ..common_translation import LANGUAGES as TRANSLATED
from .test_history_import import HistoryImportCase

CHANGES = {
    "Date": "moment",
    "Opportunity": None,  # a number in English, a name elsewhere
    "Stage": "stage",
    "Status": "status",
    "Expected Revenue": "amount",
    "Expected Closing": "deadline",
    "Probability (%)": "probability",
    "Changed by": "user",
    "Number in the File": "row_id",
}


def get_terms(language):
    """Return how a language calls what is English."""
    path = file_path(f"sales_pipeline_plus/i18n/{language}.po")
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)}


@tagged("post_install", "-at_install")
class TestImportLanguages(HistoryImportCase):
    """What is exported in a language is read in it."""

    def _get_terms_by_language(self):
        self.assertEqual(set(LANGUAGES), {"en", *TRANSLATED})
        for language in TRANSLATED:
            with self.subTest(language):
                yield language, get_terms(language)

    def test_columns_of_changes(self):
        labels = self._get_labels("crm.lead.change")
        self.assertEqual(labels, set(CHANGES))
        self.assertEqual(len(get_columns(CHANGES)), len(CHANGES))
        for _language, terms in self._get_terms_by_language():
            columns = get_columns([terms[label] for label in CHANGES])
            self.assertEqual(len(columns), len(CHANGES))
            for place, name in enumerate(CHANGES.values()):
                if name:
                    self.assertEqual(columns[name], place)

    def test_fields_of_changes(self):
        """A file with a row for each field that changed."""
        for _language, terms in self._get_terms_by_language():
            for label, name in CHANGES.items():
                if name in FIELDS:
                    self.assertIn(terms[label].lower(), FIELDS[name])

    def test_statuses(self):
        options = self.env["crm.lead.change"]._fields["status"].selection
        self.assertEqual({status for status, _label in options}, {*STATUS_OF.values()})
        for _language, terms in self._get_terms_by_language():
            for status, label in options:
                self.assertEqual(get_status(terms[label]), status)

    def test_words_mean_one_thing(self):
        months = {}
        for language in LANGUAGES:
            for month in range(1, 13):
                for width in ("MMM", "MMMM"):
                    name = format_date(date(2026, month, 1), width, language)
                    self.assertEqual(months.setdefault(name.lower(), month), month)

    def test_periods_of_targets(self):
        for language, terms in self._get_terms_by_language():
            fiscal = terms["FY %s"] % 2027
            for last_month, year in ((12, 2027), (6, fiscal)):
                headers = [fiscal, f"{terms['Target']} {year}"] + [
                    terms["Q%(quarter)s %(year)s"] % {"quarter": quarter, "year": year}
                    for quarter in (1, 2, 3, 4)
                ]
                spans = read_spans(headers, fiscal_last_month=last_month)
                first = (2027, 1) if last_month == 12 else (2026, 7)
                self.assertEqual(
                    [(s.unit, s.start.year, s.start.month) for s in spans.values()][:3],
                    [("year", *first), ("year", *first), ("quarter", *first)],
                )
                self.assertEqual(len(spans), 6)
            days = [date(2026, month, 1) for month in range(1, 13)]
            for pattern in ("MMM yyyy", "MMMM yyyy"):
                headers = [format_date(day, pattern, language) for day in days]
                spans = read_spans(headers)
                self.assertEqual([span.start for span in spans.values()], days)
                self.assertEqual({span.unit for span in spans.values()}, {"month"})

    def test_teams_of_targets(self):
        for _language, terms in self._get_terms_by_language():
            for label in ("Team", "Sales Team"):
                self.assertIn(terms[label].lower(), TEAM_HEADERS)

    def test_a_file_of_each_language(self):
        """Once more, it is the same change."""
        row = [
            *("2025-06-02 08:00:00", self.lathe.name, "Offer sent", None),
            *("120000.00", "2026-03-31", "40.0", self.claire.name, "c-1"),
        ]
        for _language, terms in self._get_terms_by_language():
            row[3] = terms["Open"]
            text = ",".join(terms[label] for label in CHANGES) + "\n" + ",".join(row)
            wizard = self._bring_in("changes.csv", text.encode(), tz="UTC")
            self.assertFalse(wizard.problems)
            [change] = self.env["crm.lead.change"].search([("external_id", "=", "c-1")])
            self.assertEqual(
                (change.lead_id, change.stage_id.name, change.status, change.amount),
                (self.lathe, "Offer sent", "open", 120000),
            )
            self.assertEqual(str(change.date_deadline), "2026-03-31")
            self.assertEqual((change.probability, change.user_id), (40, self.claire))
            change.sudo().unlink()

    def _get_labels(self, model):
        """Return how the columns of a model's list are headed, in English."""
        views = self.env[model].with_context(lang="en_US").get_views([(False, "list")])
        known = views["models"][model]["fields"]
        arch = views["views"]["list"]["arch"]
        return {
            field.get("string") or known[field.get("name")]["string"]
            for field in etree.fromstring(arch).iter("field")
            if field.get("column_invisible") != "True"
        }
