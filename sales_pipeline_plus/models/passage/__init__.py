from . import crm_lead_bare_date
from . import crm_lead_dates
from . import crm_lead_passage
