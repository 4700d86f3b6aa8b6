from . import res_currency
from . import sales_campaign_setting_mixin
from . import sales_campaign_segment
from . import sales_campaign_stage
from . import sales_campaign_type
from . import sales_campaign
from . import utm_campaign
from . import sales_campaign_days
