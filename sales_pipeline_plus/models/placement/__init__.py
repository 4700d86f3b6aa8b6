from . import crm_lead
from . import crm_lead_stays
from . import crm_lead_import
from . import crm_lead_status
from . import crm_lead_move
from . import crm_pipeline_delivery
from . import crm_pipeline_properties
from . import crm_lead_properties
