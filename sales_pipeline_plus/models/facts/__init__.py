from . import crm_lead_fact
from . import crm_lead_fact_merged
