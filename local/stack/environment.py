"""The few environment variables that the stack's programs inherit."""

import os

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ")


def plain_environment() -> dict[str, str]:
    """The few variables that any program needs; a DATABASE_URL of the caller's never reaches a service."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}
