from . import sales_campaign_repeat
from . import sales_campaign_reminder
