{
    "name": "Example: a model that campaigns count",
    "summary": "Visits of the showroom, linked to campaigns",
    "version": "19.0.1.0.0",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_campaign_goals"],
    "data": ["security/ir.model.access.csv"],
}
