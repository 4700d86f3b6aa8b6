from . import sales_campaign_link
from . import sales_campaign_meet
