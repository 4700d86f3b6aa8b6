from . import crm_quick_create_mixin
from . import crm_naming_mixin
from . import res_company_conversion
from . import res_company_day
from . import res_company_working_days
