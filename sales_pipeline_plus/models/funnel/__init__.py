from . import crm_kpi_funnel
from . import crm_kpi_funnel_sql
from . import crm_kpi_cohort
from . import crm_kpi_workbook_funnel
