from . import res_company_conversion
from . import res_company_day
