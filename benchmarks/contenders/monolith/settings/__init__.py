"""One module for each variant of the monolith."""
