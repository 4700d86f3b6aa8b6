# From the ground up: a room builds on those above it in this list.
from . import campaign
from . import links
from . import goals
from . import patterns
from . import returns
from . import repeat
from . import figures
