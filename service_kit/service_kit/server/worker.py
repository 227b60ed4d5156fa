"""The gunicorn worker: a gthread worker whose threads wait a moment for the next request of their connection."""

import select
import socket
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from service_kit.server.refusals import is_refusal, problem_of

NEXT_REQUEST_MS = 20


class KeepAliveWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """
    Keeps a connection in its thread between two requests, where gthread passes it through the main thread.

    The gateway sends the next request on the connection that was used last. A thread waits only while no other
    connection is queued and the worker is not stopping; otherwise it returns its connection at once.
    """

    def handle(self, conn: TConn) -> object:
        """Answer the requests of one connection. Return whether to keep it, as gunicorn's method does."""
        keep = super().handle(conn)
        while keep is True and self.alive and self.tpool._work_queue.empty() and _has_next_request(conn):  # noqa: SLF001
            keep = super().handle(conn)
        return keep

    def handle_error(self, request: Any, client: socket.socket, address: Any, error: BaseException) -> None:
        """Answer what no view gets to see with a problem, where gunicorn would write a page."""
        if is_refusal(error):
            self.log.info("Refused a request: %s", error)
        else:
            self.log.error("A request failed outside of the views.", exc_info=error)
        with suppress(OSError):  # the client need not have waited
            client.sendall(problem_of(error))


def _has_next_request(conn: TConn) -> bool:
    poller = select.poll()
    poller.register(conn.sock, select.POLLIN)
    return bool(poller.poll(NEXT_REQUEST_MS))
