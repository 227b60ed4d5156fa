"""The documentation page and the admins, in a real browser."""
