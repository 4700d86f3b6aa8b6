from . import crm_lead_fact
