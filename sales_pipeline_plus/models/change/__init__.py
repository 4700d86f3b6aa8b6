from . import crm_kept_mixin
from . import crm_number_mixin
from . import crm_lead_concern
from . import crm_lead_concern_number
from . import crm_lead
from . import crm_lead_concern_kept
from . import crm_lead_sql
