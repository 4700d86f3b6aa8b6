from . import crm_kept_mixin
from . import crm_value_mixin
from . import crm_lead_concern
from . import crm_lead_concern_value
from . import crm_lead
from . import crm_lead_concern_kept
from . import crm_lead_sql
from . import crm_lead_tracking
