"""The published contract (OpenAPI) and its documentation page."""
