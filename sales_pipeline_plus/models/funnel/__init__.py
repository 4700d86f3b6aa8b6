from . import crm_lead_passage
from . import crm_kpi_funnel
from . import crm_kpi_funnel_sql
from . import crm_kpi_cohort
from . import crm_kpi_cohort_sql
from . import crm_kpi_funnel_record
from . import crm_lead_funnel_number
from . import crm_kpi_workbook_funnel
