"""What a text says to who reads it, and how it is joined to another."""

import unicodedata

# Controls, formats such as the zero-width space, and half characters; any mark and any
# blank.
UNSEEN = ("Cc", "Cf", "Cs", "M", "Z")
# Letters and a symbol that are drawn as blanks.
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


def has_text(text):
    """Tell whether anything of a text is seen.

    >>> has_text("12,5"), has_text("\u200b\u2060 \u3164"), has_text(False)
    (True, False, False)
    """
    return any(
        not unicodedata.category(each).startswith(UNSEEN) and each not in BLANK_LETTERS
        for each in text or ""
    )


def with_colon(env, head, text):
    """Join a head and what is said of it, as the language of `env` does."""
    return env._("%(head)s: %(text)s", head=head, text=text)


def get_model_name(model):
    """Return what the records of a model are called, in the user's language."""
    return model.env["ir.model"].sudo()._get(model._name).name
