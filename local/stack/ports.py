"""TCP ports of this machine's loopback interface."""

import os
import socket

from stack.errors import StackError

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Ports that are free at this moment. They are not reserved: use them at once."""
    listeners = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def require_free(variable: str, port: int) -> None:
    """
    Make sure that a chosen port can be listened on.

    :raises StackError: naming the variable that chooses another one.
    """
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise StackError(f"Port {port} cannot be used: {reason}. Choose another with {variable}=...") from error
