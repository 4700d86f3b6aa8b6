from . import res_users
from . import crm_target
from . import crm_target_period
from . import crm_target_book
from . import crm_kpi
from . import crm_lead_decision_target
from . import crm_target_share
from . import crm_target_demo
