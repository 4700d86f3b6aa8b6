from . import crm_kpi_outlook
from . import crm_kpi_outlook_question
from . import crm_kpi_outlook_query
from . import crm_kpi_outlook_inputs
from . import crm_kpi_outlook_record
from . import crm_kpi_outlook_words
from . import crm_kpi_workbook_outlook
from . import crm_lead_decision_outlook
