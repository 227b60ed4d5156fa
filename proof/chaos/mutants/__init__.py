"""Mutants: the services with one deliberate mistake each, which a run must find."""
