"""The call, in words."""

from odoo.tools import LazyTranslate

from .outlook import Method

_lt = LazyTranslate(__name__)

CALL = Method(
    "call",
    _lt("Forecast Call"),
    _lt(
        "What people called for the whole period, less what they have won of it, of a "
        "shared opportunity their share, of one deleted since what was recorded; what "
        "is sold by somebody without a call is not in it. A team's own call counts "
        "instead of those of its people. It is tried on periods that are over, as it "
        "was called with as many days left, so it is not among the methods that the "
        "best is chosen from; what came into the pipeline later counts, too."
    ),
    "calls",
)
