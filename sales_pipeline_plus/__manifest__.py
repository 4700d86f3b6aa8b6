{
    "name": "Sales Pipeline Plus",
    "summary": "Several sales pipelines, each with its own stages and probabilities",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["crm", "sale_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_pipeline_security.xml",
        "views/crm_pipeline_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_stage_views.xml",
        "views/crm_team_views.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": ["sales_pipeline_plus/static/src/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "application": True,
}
