from . import crm_condition
from . import crm_condition_mixin
