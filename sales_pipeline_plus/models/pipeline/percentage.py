from odoo.tools import get_lang


def format_percentage(env, value):
    """Return a percentage without its sign as the user writes it: 80, or 62.5."""
    return f"{value:g}".replace(".", get_lang(env).decimal_point)
