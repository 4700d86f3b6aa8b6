"""Tables of what roles may do: kept as files, so that a change is seen in a review.

``SALES_GUARD_WRITE=1 ./setup/test sales_campaign_goals/tests/guard`` writes them anew.
"""

import os
from pathlib import Path

ENVIRONMENT = "SALES_GUARD_WRITE"


class Table:
    """Rows by name, a word for each column."""

    def __init__(self, file_name, columns):
        self.path = Path(__file__).with_name(file_name)
        self.columns = columns

    def load(self):
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return {
            name: tuple(words) for name, *words in (line.split() for line in lines[1:])
        }

    def save(self, rows):
        width = max(map(len, rows)) + 2
        lines = [("", self.columns), *sorted(rows.items())]
        self.path.write_text(
            "".join(
                (f"{name:{width}}" + "".join(f"{word:11}" for word in words)).rstrip()
                + "\n"
                for name, words in lines
            )
        )

    def check(self, test, rows):
        """Compare what is with what was reviewed; say each difference."""
        if os.environ.get(ENVIRONMENT):
            self.save(rows)
        expected = self.load()
        test.assertEqual(
            sorted(rows.keys() - expected.keys()), [], f"missing in {self.path.name}"
        )
        test.assertEqual(
            sorted(expected.keys() - rows.keys()), [], f"gone, in {self.path.name}"
        )
        for name, words in rows.items():
            with test.subTest(name):
                test.assertEqual(
                    dict(zip(self.columns, words, strict=True)),
                    dict(zip(self.columns, expected[name], strict=True)),
                )
