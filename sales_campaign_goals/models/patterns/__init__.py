from . import sales_campaign_pattern
from . import sales_campaign_pattern_step
from . import sales_campaign_pattern_goal
from . import sales_campaign_pattern_campaign
from . import sales_campaign_pattern_history
from . import sales_campaign_pattern_funnel
