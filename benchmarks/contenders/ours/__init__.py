"""The shop itself, with one thing taken away."""
