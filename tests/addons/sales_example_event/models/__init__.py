from . import crm_pipeline_rule
