from . import test_pipeline
from . import test_probability_create
from . import test_probability_status
from . import test_probability_update
from . import test_probability_write
from . import test_stage_rule
from . import test_tours
