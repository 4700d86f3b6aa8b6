import unittest
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ...models.history.file_values import guess_decimal, read_moment, read_number

try:
    from hypothesis import given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

# How a language writes: group, decimal mark
LANGUAGES = {
    "en": (",", "."),
    "fr": ("\u202f", ","),
    "de": (".", ","),
    "ch": ("’", "."),
}
SIGNS = ("{}", "{} €", "${}", "{} EUR", "USD {}")


def write(number, language, digits, is_grouped, sign):
    group, decimal = LANGUAGES[language]
    text = f"{abs(number):{',' if is_grouped else ''}.{digits}f}"
    text = text.translate({ord(","): group, ord("."): decimal})
    return ("-" if number < 0 else "") + sign.format(text)


@tagged("-at_install", "post_install")
class TestFileValues(BaseCase):
    @settings(max_examples=500, deadline=None)
    @given(
        cents=st.integers(min_value=-(10**15), max_value=10**15),
        language=st.sampled_from(sorted(LANGUAGES)),
        digits=st.sampled_from((0, 1, 2)),
        is_grouped=st.booleans(),
        sign=st.sampled_from(SIGNS),
    )
    def test_round_trip(self, cents, language, digits, is_grouped, sign):
        number = round(cents / 100, digits)
        text = write(number, language, digits, is_grouped, sign)
        self.assertEqual(read_number(text), number, text)

    @settings(max_examples=300, deadline=None)
    @given(
        number=st.floats(min_value=-(10**9), max_value=10**9),
        language=st.sampled_from(sorted(LANGUAGES)),
        digits=st.integers(min_value=0, max_value=6),
        is_grouped=st.booleans(),
    )
    def test_round_trip_of_known_mark(self, number, language, digits, is_grouped):
        """A file shows its mark by another amount: three digits are no riddle."""
        texts = [
            write(each, language, places, is_grouped, "{}")
            for each, places in ((number, digits), (12.5, 2))
        ]
        decimal = guess_decimal(texts)
        self.assertEqual(decimal, LANGUAGES[language][1])
        self.assertEqual(read_number(texts[0], decimal), round(number, digits), texts)

    @settings(max_examples=300, deadline=None)
    @given(st.text(alphabet="0123456789.,-+()eE kM€'", max_size=12))
    def test_number_or_refusal(self, text):
        with suppress(ValueError):
            self.assertLessEqual(abs(read_number(text)), 1e15)

    def test_numbers(self):
        for value, number in (
            ("1234.567", 1234.567),
            ("12345.678", 12345.678),
            ("0.333", 0.333),
            ("0,333", 0.333),
            (33.333, 33.333),
            ("1.3E+05", 130000),
            ("(1,300.00)", -1300),
            ("($1,300.00)", -1300),
            ("1,300.00-", -1300),
            ("EUR 149,900.00", 149900),
        ):
            with self.subTest(value):
                self.assertEqual(read_number(value), number)
        for value in (
            "1e300",
            "$1.5M",
            "150k",
            "12abc",
            "12 MIO",
            "",
            "inf",
            "nan",
            "1,2,3",
            "1234,567.00",
            float("nan"),
            float("inf"),
            datetime(2025, 3, 3),
        ):
            with self.subTest(value), self.assertRaises(ValueError):
                read_number(value)

    def test_moments(self):
        for text, moment in (
            ("2025-03-03 9:05", datetime(2025, 3, 3, 9, 5)),
            ("03/03/2025, 09:12", datetime(2025, 3, 3, 9, 12)),
            ("3/3/25", datetime(2025, 3, 3, 12)),
            ("3/3/25 4:50 PM", datetime(2025, 3, 3, 16, 50)),
            ("1740992400000", datetime(2025, 3, 3, 9)),
            (1740992400000, datetime(2025, 3, 3, 9)),
            ("2025-03-03 09:05:00 UTC", datetime(2025, 3, 3, 9, 5)),
            ("2025-03-03 09:05:00 +0200", datetime(2025, 3, 3, 7, 5)),
        ):
            with self.subTest(text):
                self.assertEqual(read_moment(text, "dmy", UTC)[0], moment)
        tokyo, here = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles")
        for zone in (UTC, tokyo, here):
            self.assertEqual(
                read_moment("03/03/2025 09:12 UTC", "dmy", zone)[0],
                datetime(2025, 3, 3, 9, 12),
            )
            for text in (
                "0001-01-01",
                "9999-12-31 23:59:59",
                "31/12/9999",
                datetime(1, 1, 1),
                "99999-01-01",
                "1740992400",
            ):
                with self.subTest(text), self.assertRaises(ValueError):
                    read_moment(text, "dmy", zone)
