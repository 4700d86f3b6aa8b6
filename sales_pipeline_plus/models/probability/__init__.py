from . import crm_stage
from . import crm_lead_probability
from . import crm_pipeline_suggestion
from . import crm_lead_probability_preview
from . import crm_lead_concern_probability
from . import crm_lead_actions
