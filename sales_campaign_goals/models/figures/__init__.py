from . import crm_kpi
from . import crm_kpi_campaign
from . import crm_kpi_workbook
from . import crm_lead_decision_target
