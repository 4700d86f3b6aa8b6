from .deletion import test_ondelete, test_campaign_deletion
from .campaign import (
    test_guide_tour,
    test_hidden_names,
    test_sales_campaign,
    test_sales_campaign_access,
    test_sales_campaign_totals,
    test_sales_campaign_tour,
    test_utm_campaign,
)
from .links import (
    test_campaign_flows,
    test_campaign_links,
    test_campaign_records,
    test_campaign_wizards,
    test_company_met_tour,
    test_hidden_sources,
)
from .goals import (
    test_goal_access,
    test_goal_counter,
    test_goal_counting,
    test_goal_deal_shares,
    test_goal_narrowing,
    test_goal_progress,
    test_goal_review,
    test_goal_rights,
    test_goal_speed,
    test_goal_tour,
)
from .patterns import test_goal_pattern, test_goal_pattern_tour
from .returns import test_attribution, test_campaign_return, test_campaign_verdict
from .repeat import (
    test_campaign_repeat,
    test_campaign_repeat_tour,
    test_campaign_reminder,
)

from .figures import test_kpi, test_kpi_attribution, test_decision_target
from .guard import (
    test_arguments,
    test_dialogs,
    test_fuzz,
    test_given_records,
    test_role_contents,
    test_role_matrix,
)
from . import test_translation
from . import test_unit
