"""The services, broken on purpose in one place each, to see that a run finds it."""
