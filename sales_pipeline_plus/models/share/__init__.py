from . import res_company
from . import crm_lead_share
from . import crm_lead
from . import crm_lead_concern_share
from . import crm_lead_share_sql
from . import crm_lead_credit
