"""When a field of an opportunity counts as not filled in."""

from odoo.tools import is_html_empty

from ...tools.texts import has_text


def is_empty(field, value):
    """Tell whether a plain value of a field says nothing.

    Blanks are no text, and a paragraph without anything in it is no description.
    """
    if field.type == "html":
        return is_html_empty(value)
    if isinstance(value, str):
        return not has_text(value)
    return not value
