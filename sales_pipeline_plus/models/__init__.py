from . import crm_pipeline
from . import crm_pipeline_stage
from . import crm_stage
from . import crm_team
from . import crm_lead
from . import crm_lead_probability
