from . import sales_campaign_goal_share
from . import sales_campaign_link
from . import sales_campaign_meet
