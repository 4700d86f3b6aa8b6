from . import crm_lead_concern_dates
from . import crm_lead_dates
from . import crm_lead_passage
from . import crm_lead_passage_history
from . import crm_lead_passage_closing
from . import crm_lead_passages
from . import crm_lead_concern_passage
from . import crm_lead_passage_kept
