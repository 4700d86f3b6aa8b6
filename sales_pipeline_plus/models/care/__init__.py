from . import res_partner_category
from . import res_partner_care_sql
from . import res_partner_care
from . import res_partner_care_job
from . import res_users
