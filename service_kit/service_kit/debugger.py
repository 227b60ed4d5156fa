"""A port at which an editor's debugger can attach: only where DEBUGPY names one, and never in production."""

import os
import re
import socket
import sys
import time

from django.core.exceptions import ImproperlyConfigured

PORT_TIMEOUT = 5.0  # seconds, for the process that had the port before a reload


def configured() -> tuple[str, int] | None:
    """
    Return host and port of DEBUGPY, if it is set.

    :raises ImproperlyConfigured: if it is not `host:port`.
    """
    address = os.environ.get("DEBUGPY", "")
    if not address:
        return None
    host, _, port = address.rpartition(":")
    if not host or not re.fullmatch("[0-9]+", port) or int(port) not in range(1, 2**16):
        raise ImproperlyConfigured(f"DEBUGPY must be host:port, not {address!r}.")
    return host.strip("[]"), int(port)


def listen() -> None:
    """Let a debugger attach at DEBUGPY, such as 127.0.0.1:5678. Without the variable nothing is imported or opened."""
    address = configured()
    if not address:
        return
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # it warns that Python's own modules are frozen
    try:
        import debugpy  # noqa: PLC0415, T100 - it is installed for development only
    except ImportError:
        sys.exit(
            "DEBUGPY is set, and debugpy is not installed. It comes with requirements-dev.txt; else unset DEBUGPY."
        )
    _wait_until_free(*address)
    debugpy.listen(address)  # noqa: T100 - this is what DEBUGPY means


def _wait_until_free(host: str, port: int) -> None:
    deadline = time.monotonic() + PORT_TIMEOUT
    while time.monotonic() < deadline:
        try:
            socket.create_server((host, port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
