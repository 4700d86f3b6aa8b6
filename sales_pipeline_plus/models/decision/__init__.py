from . import crm_lead_decision
from . import crm_lead_decision_period
from . import crm_lead_decision_target
from . import crm_lead_slip
from . import crm_lead_concern_slip
