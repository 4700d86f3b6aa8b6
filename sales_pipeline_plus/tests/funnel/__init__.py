from . import test_cohort
from . import test_funnel
from . import test_funnel_arithmetic
from . import test_funnel_recount
from . import test_funnel_share
from . import test_funnel_tour
from . import test_funnel_workbook
