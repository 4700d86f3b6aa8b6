from . import res_partner
from . import res_partner_contact
from . import res_company_customer
from . import crm_lead_concern_customer
