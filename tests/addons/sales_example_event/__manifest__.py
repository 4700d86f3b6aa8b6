{
    "name": "Example: an event of automatic actions",
    "summary": "Something is planned when the amount rises",
    "version": "19.0.1.0.0",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [],
}
