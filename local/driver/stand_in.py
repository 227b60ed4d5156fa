"""A stand-in for a service behind the gateway. It records the requests that reach it, and returns them."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from types import TracebackType
from typing import Any, Self


class StandIn(ThreadingMixIn, UnixStreamServer):
    """Answers every request on a unix socket with JSON: its name, and the method, path, headers and body it got."""

    daemon_threads = True
    request_queue_size = 512  # as many may wait to be accepted

    def __init__(self, name: str, socket: Path) -> None:
        super().__init__(str(socket), _Handler)
        self.name = name
        self.socket_path = str(socket)
        self.answer_status = 200
        self.answer_headers: dict[str, str] = {}  # in every answer, in place of its own
        self.answer_padding = 0  # bytes that make every answer longer
        self.delay = 0.0  # seconds that every answer takes
        self.answers_not_modified = False  # to who has its ETag already, it answers 304
        self.answers = threading.Event()  # cleared, it hangs
        self.answers.set()
        self.received: list[dict[str, Any]] = []
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's types
        self.connections += 1
        super().process_request(request, client_address)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.answers.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = {
            "service": self.server.name,
            "method": self.command,
            "path": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "body": body.decode("latin-1"),
        }
        self.server.received.append(request)
        self.server.answers.wait()
        time.sleep(self.server.delay)
        with suppress(BrokenPipeError):  # the gateway need not have waited
            self._send(json.dumps(request).encode() + b" " * self.server.answer_padding)

    def _send(self, answer: bytes) -> None:
        headers = {
            "Date": self.date_time_string(),
            "Content-Type": "application/json",
            "Content-Length": str(len(answer)),
            **self.server.answer_headers,
        }
        if self.server.answers_not_modified and self.headers.get("If-None-Match") == headers.get("ETag"):
            self.send_response_only(304)
            self.send_header("ETag", headers["ETag"])
            self.end_headers()
            return
        self.send_response_only(self.server.answer_status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_TRACE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Log nothing: tests read `received`."""
