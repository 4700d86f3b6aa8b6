from . import crm_lead_product_report
from . import crm_forecast_calibration
from . import crm_forecast_reliability
