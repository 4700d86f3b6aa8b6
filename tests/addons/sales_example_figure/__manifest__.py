{
    "name": "Example: a figure",
    "summary": "Opportunities that somebody referred",
    "version": "19.0.1.0.0",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [],
}
