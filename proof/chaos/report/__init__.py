"""The report of a run: a page, a picture and a short text."""
