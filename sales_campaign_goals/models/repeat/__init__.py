from . import sales_campaign_repeat
from . import sales_campaign_reminder
from . import sales_campaign_reminder_give
