"""TCP ports of this machine's loopback interface."""

import os
import socket
from contextlib import ExitStack

from stack.errors import StackError

LOOPBACK = "127.0.0.1"
_given: set[int] = set()


def free_ports(count: int) -> list[int]:
    """
    Ports that are free at this moment. They are not reserved: use them at once.

    A process is given no port twice: what it started on the first may be starting still, or again.
    """
    ports: list[int] = []
    with ExitStack() as listeners:
        while len(ports) < count:
            listener = listeners.enter_context(socket.create_server((LOOPBACK, 0)))
            port = listener.getsockname()[1]
            if port not in _given:
                _given.add(port)
                ports.append(port)
    return ports


def require_free(**ports: int) -> None:
    """
    Make sure that the chosen ports can be listened on, all at once.

    :param ports: by the variable that chooses each.
    :raises StackError: naming the variable that chooses another one.
    """
    with ExitStack() as listeners:
        for variable, port in ports.items():
            otherwise = f"Choose another with {variable}=..."
            if port not in range(1, 2**16):
                raise StackError(f"There is no port {port}. {otherwise}")
            try:
                listeners.enter_context(socket.create_server((LOOPBACK, port)))
            except OSError as error:
                reason = os.strerror(error.errno or 0)
                raise StackError(f"Port {port} cannot be used: {reason}. {otherwise}") from error
