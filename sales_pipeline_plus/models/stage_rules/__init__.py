from . import crm_pipeline_requirement
from . import crm_pipeline_question
from . import crm_pipeline_qualification
from . import crm_lead_requirement
from . import crm_lead_limit
from . import crm_lead_answer
from . import crm_lead_qualification
