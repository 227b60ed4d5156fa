"""Proof by faults: a workload, faults, a history of both, and a checker of the invariants."""
