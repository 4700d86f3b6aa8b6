from . import test_changes
from . import test_changes_recount
