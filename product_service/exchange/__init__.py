"""Import and export of the catalogue as files: imports run in batches and can be resumed, exports run page by page."""
