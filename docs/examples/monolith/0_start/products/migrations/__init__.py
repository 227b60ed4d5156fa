"""The tables of products."""
