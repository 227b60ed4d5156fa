"""The tables of the monolith."""
