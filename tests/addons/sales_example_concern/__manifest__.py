{
    "name": "Example: a concern of a deal",
    "summary": "The amount of a frozen opportunity stays",
    "version": "19.0.1.0.0",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [],
}
