"""The checker: every invariant of docs/reliability.md, asked of a whole history."""
