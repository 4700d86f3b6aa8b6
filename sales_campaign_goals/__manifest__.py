{
    "name": "Sales Campaign Goals",
    "summary": "Commercial campaigns with an aim, an expected revenue and what they brought",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [],
    "demo": [],
    "application": True,
}
