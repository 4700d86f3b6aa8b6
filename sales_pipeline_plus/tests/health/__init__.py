from . import test_health
from . import test_health_outcomes
from . import test_health_recount
