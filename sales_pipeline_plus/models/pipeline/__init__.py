from . import crm_pipeline
from . import crm_pipeline_stage
from . import crm_pipeline_check
from . import crm_pipeline_overview
from . import crm_stage
from . import crm_team
