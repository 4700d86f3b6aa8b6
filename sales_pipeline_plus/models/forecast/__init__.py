from . import crm_forecast_snapshot
from . import crm_forecast_snapshot_links
from . import crm_forecast_snapshot_sums
from . import crm_forecast_snapshot_weeks
from . import crm_forecast_snapshot_demo
from . import crm_forecast_snapshot_demo_effort
from . import res_config_settings_snapshot
