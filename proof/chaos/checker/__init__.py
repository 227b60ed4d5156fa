"""The checker: every invariant of docs/reliability.md, checked against a whole history."""
