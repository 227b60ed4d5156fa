"""The catalogue as files: imported in batches that can be resumed, exported page by page."""
