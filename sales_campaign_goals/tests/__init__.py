from . import test_campaign_links
from . import test_sales_campaign
from . import test_sales_campaign_access
from . import test_sales_campaign_totals
from . import test_sales_campaign_tour
from . import test_utm_campaign
