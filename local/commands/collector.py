"""
A collector of traces: it takes what processes export (OTLP over HTTP) and keeps it as spans that can be queried.

`python -m commands.collector` prints each trace as a tree and forgets it: for looking at a shop, not for running one.
"""

import argparse
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Exported

KINDS = {Exported.SPAN_KIND_SERVER: "server", Exported.SPAN_KIND_CLIENT: "client"}
QUIET = 6.0
"""Seconds without a new span after which a trace is taken to be complete: processes send theirs every five."""
STATEMENT = 60
"""As many characters of a statement are printed."""


class Link(NamedTuple):
    trace: str
    span: str


@dataclass(frozen=True)
class Span:
    """One span. `parent` is empty for the first of a trace; times are nanoseconds since 1970."""

    process: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    links: Sequence[Link]
    attributes: Mapping[str, str]
    began: int
    ended: int


class Collector(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.address = f"http://{host}:{self.server_port}"
        self.spans: list[Span] = []
        self.heard_at: dict[str, float] = {}  # of each trace, when its last span came
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self.server_close()

    def keep(self, span: Span) -> None:
        with self._lock:
            self.spans.append(span)
            self.heard_at[span.trace] = time.monotonic()

    def trace(self, trace_id: str) -> list[Span]:
        """What is known of one trace, in the order in which it began."""
        return sorted((span for span in self.spans if span.trace == trace_id), key=lambda span: span.began)

    def take_complete(self) -> list[list[Span]]:
        """Return the traces that are complete by now, and forget them."""
        until = time.monotonic() - QUIET
        with self._lock:
            complete = {trace for trace, heard_at in self.heard_at.items() if heard_at < until}
            taken = [self.trace(trace) for trace in complete]
            self.spans = [span for span in self.spans if span.trace not in complete]
            for trace in complete:
                del self.heard_at[trace]
        return taken


def tree(spans: Sequence[Span]) -> str:
    """One trace as lines: when each span began and what it took, in milliseconds, and what it was, under its cause."""
    known = {span.id for span in spans}
    roots = [span for span in spans if span.parent not in known]
    began = min(span.began for span in spans)
    return "\n".join([f"trace {spans[0].trace}", *(line for root in roots for line in _lines(root, spans, began, 0))])


def _lines(span: Span, spans: Sequence[Span], began: int, depth: int) -> list[str]:
    at, took = (span.began - began) / 1e6, (span.ended - span.began) / 1e6
    children = [child for child in spans if child.parent == span.id]
    line = f"{at:8.1f} {took:8.1f}  {'  ' * depth}{span.process}: {_what(span)}"
    return [line, *(below for child in children for below in _lines(child, spans, began, depth + 1))]


def _what(span: Span) -> str:
    if statement := span.attributes.get("db.query.text"):
        return " ".join(statement.split())[:STATEMENT]
    linked = "".join(f" (see trace {trace})" for trace in sorted({link.trace for link in span.links}))
    return f"{span.name} {span.attributes.get('http.response.status_code', '')}".rstrip() + linked


class _Handler(BaseHTTPRequestHandler):
    server: Collector
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        export = ExportTraceServiceRequest()
        export.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in export.resource_spans:
            process = _texts(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.server.keep(_span(process, span))
        self.send_response_only(200 if self.path == "/v1/traces" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Log nothing: the traces are the output."""


def _span(process: str, span: Exported) -> Span:
    return Span(
        process=process,
        name=span.name,
        kind=KINDS.get(span.kind, "internal"),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=[Link(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
        attributes=_texts(span.attributes),
        began=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
    )


def _texts(attributes: Sequence[KeyValue]) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value or str(attribute.value.int_value) for attribute in attributes}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m commands.collector", description="Print traces as trees.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4318)
    options = parser.parse_args()
    with suppress(KeyboardInterrupt), Collector(options.host, options.port) as collector:
        print(f"Listening for traces at {collector.address}", flush=True)
        while True:
            time.sleep(0.5)
            for spans in collector.take_complete():
                print(tree(spans), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
