from . import sales_campaign_cost
from . import sales_campaign_amounts
from . import sales_campaign_return
from . import sales_campaign_comparison
