from . import crm_kpi_change
from . import crm_kpi_change_question
from . import crm_kpi_change_query
from . import crm_kpi_change_state
from . import crm_kpi_change_week
from . import crm_forecast_snapshot_demo_changes
from . import crm_kpi_workbook_changes
from . import crm_pipeline_change
