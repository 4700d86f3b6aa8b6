"""When a field of an opportunity counts as not filled in."""

import re

from odoo.tools import is_html_empty

INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def is_empty(field, value):
    """Tell whether a plain value of a field says nothing.

    Blanks are no text, and a paragraph without anything in it is no description.
    """
    if field.type == "html":
        return is_html_empty(value)
    if isinstance(value, str):
        return not INVISIBLE.sub("", value)
    return not value
