"""The table of products."""
