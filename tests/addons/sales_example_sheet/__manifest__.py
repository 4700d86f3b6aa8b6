{
    "name": "Example: a sheet of the workbook",
    "summary": "The opportunities won, by who referred them",
    "version": "19.0.1.0.0",
    "author": "Sales Pipeline Plus contributors",
    "license": "LGPL-3",
    "depends": ["sales_pipeline_plus"],
    "data": [],
}
