from . import crm_contact_role
from . import crm_pipeline
from . import crm_lead_health_sql
from . import crm_lead_health
from . import crm_lead_health_words
from . import crm_lead_health_closed_sql
from . import crm_lead_health_outcome
