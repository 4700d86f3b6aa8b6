from . import crm_kpi_workbook
from . import crm_kpi_workbook_sheets
from . import crm_kpi_workbook_deals
from . import crm_workbook
from . import crm_workbook_recipient
from . import res_config_settings_workbook
