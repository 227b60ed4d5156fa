"""The errors of the stack."""


class StackError(Exception):
    """An error that the user can fix; the message says what is wrong and how to fix it."""
