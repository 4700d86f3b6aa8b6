"""Writing workbooks: nothing here knows the ORM."""
