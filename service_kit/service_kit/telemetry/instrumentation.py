"""The tracing of a process: which spans are recorded, and where they are sent."""

import importlib
import os
from collections.abc import Sequence
from importlib.util import find_spec

import structlog
from django.conf import settings
from django.http import HttpRequest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.sqlite3 import SQLite3Instrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

DEFAULTS = {
    "OTEL_SEMCONV_STABILITY_OPT_IN": "http,database",  # the attributes' names that will stay
    # A process does not wait for an unreachable collector, neither at its end nor with a queue of spans.
    "OTEL_EXPORTER_OTLP_TIMEOUT": "3",
}
PROBES = r"/(livez|readyz|metrics)\b"
REQUEST_LOG = "service_kit.telemetry.request_log.RequestLog"


class CausedOnly(Sampler):
    """
    Drop client spans that have no parent span; leave the others to another sampler.

    Otherwise each poll of an idle reconciler, and each statement of a migration, would be a trace of its own.
    """

    def __init__(self, other: Sampler) -> None:
        self._other = other

    def should_sample(  # noqa: PLR0913, PLR0917 - the SDK's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        has_cause = trace.get_current_span(parent_context).get_span_context().is_valid
        if kind is SpanKind.CLIENT and not has_cause:
            return SamplingResult(Decision.DROP)
        return self._other.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"CausedOnly({self._other.get_description()})"


def start(process: str) -> None:
    """Record spans and send them, in batches and by a separate thread, as the standard's variables configure it."""
    for name, value in {"OTEL_SERVICE_NAME": process, **DEFAULTS}.items():
        os.environ.setdefault(name, value)
    provider = TracerProvider(resource=Resource.create({"service.version": settings.VERSION}))
    provider.sampler = CausedOnly(provider.sampler)  # around the one that the environment configures
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)

    DjangoInstrumentor().instrument(
        middleware_position=settings.MIDDLEWARE.index(REQUEST_LOG) + 1,  # so that its line can have the trace id
        request_hook=describe_request,
        excluded_urls=PROBES,
    )
    PsycopgInstrumentor().instrument()
    SQLite3Instrumentor().instrument()
    if find_spec("opentelemetry.instrumentation.httpx"):  # in a service that calls others
        importlib.import_module("opentelemetry.instrumentation.httpx").HTTPXClientInstrumentor().instrument()


def describe_request(span: trace.Span, request: HttpRequest) -> None:
    """Give the span the request id, and log lines the trace id. As in the logs, the query is not recorded."""
    if request_id := request.headers.get("X-Request-ID"):
        span.set_attribute("request_id", request_id)
    if request.META.get("QUERY_STRING"):
        span.set_attribute("url.query", "REDACTED")
    structlog.contextvars.bind_contextvars(trace_id=trace.format_trace_id(span.get_span_context().trace_id))
