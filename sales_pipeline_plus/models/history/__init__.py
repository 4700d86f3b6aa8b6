from . import ir_fields_converter
from . import crm_lead_import
from . import crm_lead_import_references
