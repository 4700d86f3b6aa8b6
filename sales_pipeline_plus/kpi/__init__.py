"""The arithmetic of the figures: nothing here knows the ORM."""
