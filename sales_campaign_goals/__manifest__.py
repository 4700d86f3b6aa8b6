{
    "name": "Sales Campaign Goals",
    "summary": "Commercial campaigns: an aim, an expected revenue, and what they bring",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [
        "security/sales_campaign_security.xml",
        "security/ir.model.access.csv",
        "data/sales_campaign_stage_data.xml",
        "data/sales_campaign_type_data.xml",
        "views/sales_campaign_views.xml",
        "views/sales_campaign_segment_views.xml",
        "views/sales_campaign_stage_views.xml",
        "views/sales_campaign_type_views.xml",
        "views/utm_campaign_views.xml",
        "views/sales_campaign_menus.xml",
    ],
    "demo": [
        "demo/sales_campaign_demo.xml",
        "demo/crm_lead_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "sales_campaign_goals/static/tests/tours/**/*",
        ],
    },
    "images": ["static/description/campaign_form.png"],
    "application": True,
}
