"""Charts of a report as vector graphics, one file a form."""
