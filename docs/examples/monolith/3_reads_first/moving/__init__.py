"""Commands of the move, which are deleted after it."""
