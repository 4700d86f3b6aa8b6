from . import crm_forecast_calibration
from . import crm_forecast_call_reliability
from . import crm_forecast_reliability
from . import crm_lead_product_report
