from . import crm_lead_product_report
