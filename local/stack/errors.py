"""What can keep the stack from running."""


class StackError(Exception):
    """Something that a person can mend; the message says what and how."""
