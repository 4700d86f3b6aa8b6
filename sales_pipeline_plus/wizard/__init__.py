from . import crm_lead_to_opportunity
from . import crm_lead_lost
from . import crm_lead_reopen
from . import crm_lead_stage_override
from . import crm_pipeline_move
from . import crm_pipeline_move_line
from . import mail_activity_schedule
from . import mail_activity_schedule_owner
