from . import test_outlook
from . import test_outlook_arithmetic
from . import test_outlook_recount
from . import test_outlook_tour
from . import test_outlook_workbook
