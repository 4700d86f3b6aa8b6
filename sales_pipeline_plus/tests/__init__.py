from . import test_probability_create
from . import test_probability_write
from . import test_tours
