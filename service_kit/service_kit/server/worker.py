"""gunicorn's threads, but each stays with its connection for a moment, since the next request mostly comes at once."""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

MOMENT_MS = 20
_PROBLEM = (
    b'{"type":"/problems/headers-too-large","title":"Headers too large","status":431,'
    b'"detail":"The request has more header lines than this service takes.","instance":"","errors":[]}'
)
TOO_MANY_HEADERS = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_PROBLEM), _PROBLEM)
)
COURTESY = 0.0001
"""Seconds by which a worker lets others go first, for each connection that it has already."""


class KeepAliveWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """
    A gthread worker that saves a kept connection the way through the main thread and back, between two requests.

    The gateway sends the next request on the connection that was used last. A thread that waits is one that nobody else
    needs: with a connection in the queue, or in a worker that stops, it hands its own back at once.
    """

    def accept(self, listener: socket.socket) -> None:
        """
        Take a new connection, later the more of them there are already, so that workers get equally many.

        All workers are woken by a new connection. Kept ones stay where they are, so that a worker which was faster when
        the gateway opened sixty at once would be the busier one for as long as they live.
        """
        time.sleep(min(self.nr_conns, self.cfg.threads) * COURTESY)
        super().accept(listener)

    def handle(self, conn: TConn) -> object:
        """Answer the requests of one connection; return, as gunicorn's does, whether it is to be kept."""
        keep = super().handle(conn)
        while keep is True and self.alive and self.tpool._work_queue.empty() and _comes_more(conn):  # noqa: SLF001
            keep = super().handle(conn)
        return keep

    def handle_error(self, request: Any, client: socket.socket, address: Any, error: BaseException) -> None:
        """Refuse what no view gets to see: more header lines than `limit_request_fields` with a problem of its own."""
        if not isinstance(error, LimitRequestHeaders):
            super().handle_error(request, client, address, error)
            return
        self.log.info("Refused a request with too many header lines.")
        with suppress(OSError):  # the client need not have waited
            client.sendall(TOO_MANY_HEADERS)


def _comes_more(conn: TConn) -> bool:
    coming = select.poll()
    coming.register(conn.sock, select.POLLIN)
    return bool(coming.poll(MOMENT_MS))
