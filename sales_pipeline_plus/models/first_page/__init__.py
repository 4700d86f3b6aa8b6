from . import crm_first_page
from . import crm_first_page_approval
from . import crm_first_page_team
from . import crm_first_page_changes
from . import crm_first_page_targets
