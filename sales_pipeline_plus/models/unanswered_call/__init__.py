from . import crm_pipeline
from . import crm_lead_unanswered_call
from . import mail_activity
from . import crm_lead
from . import crm_lead_health
from . import crm_lead_hold
from . import crm_kpi
