# From the ground up: a room builds on those above it in this list.
from . import change
from . import pipeline
from . import placement
from . import probability
from . import stage_rules
from . import next_action
from . import passage
from . import decision
from . import forecast
from . import deal
from . import figures
from . import automation
from . import workbook
from . import history
