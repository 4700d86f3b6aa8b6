from . import crm_lead
from . import crm_forecast_call
from . import crm_forecast_call_checks
from . import crm_kpi_call
from . import crm_kpi_call_won
from . import crm_kpi_call_outlook
from . import crm_kpi_call_record
from . import crm_forecast_call_demo
