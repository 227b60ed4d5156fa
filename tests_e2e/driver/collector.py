"""A collector of traces: it takes what the services export (OTLP over HTTP) and keeps it as spans that can be asked."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Exported

from stack.ports import LOOPBACK

KINDS = {Exported.SPAN_KIND_SERVER: "server", Exported.SPAN_KIND_CLIENT: "client"}


@dataclass(frozen=True)
class Span:
    """One span: `parent` is empty for the first of a trace, `links` are the ids of spans in any trace."""

    process: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    links: Sequence[str]
    attributes: Mapping[str, str]
    began: int
    ended: int


class Collector(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.address = f"http://{LOOPBACK}:{self.server_port}"
        self.spans: list[Span] = []

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

    def trace(self, trace_id: str) -> list[Span]:
        """What is known of one trace, in the order in which it began."""
        return sorted((span for span in self.spans if span.trace == trace_id), key=lambda span: span.began)


def tree(spans: Sequence[Span], *, parent: str = "", depth: int = 0) -> str:
    """A trace as lines, each span under its parent: the process, the name and how many milliseconds it took."""
    lines = []
    for span in spans:
        if span.parent == parent:
            took = (span.ended - span.began) / 1_000_000
            lines.append(f"{'  ' * depth}{span.process}: {span.name} {span.kind} {took:.1f} ms")
            lines.append(tree(spans, parent=span.id, depth=depth + 1))
    return "\n".join(filter(None, lines))


class _Handler(BaseHTTPRequestHandler):
    server: Collector
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        export = ExportTraceServiceRequest()
        export.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in export.resource_spans:
            process = _texts(resource.resource.attributes)["service.name"]
            self.server.spans += [_span(process, span) for scope in resource.scope_spans for span in scope.spans]
        self.send_response_only(200 if self.path == "/v1/traces" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Keep quiet: the tests ask `spans`."""


def _span(process: str, span: Exported) -> Span:
    return Span(
        process=process,
        name=span.name,
        kind=KINDS.get(span.kind, "internal"),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=[link.span_id.hex() for link in span.links],
        attributes=_texts(span.attributes),
        began=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
    )


def _texts(attributes: Sequence[KeyValue]) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value or str(attribute.value.int_value) for attribute in attributes}
