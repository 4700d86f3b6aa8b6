from . import crm_pipeline_settings
from . import sales_campaign_goal_share
from . import sales_campaign_link
from . import sales_campaign_meet
from . import sales_campaign_pattern_apply
from . import sales_campaign_pattern_proposal
from . import sales_campaign_repeat
