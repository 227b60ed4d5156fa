"""Traces: nothing without the environment's word, and with it nothing that would drown or betray."""

import sys
from pathlib import Path

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler
from opentelemetry.trace import SpanKind, Tracer, format_trace_id

from service_kit.telemetry import tracing
from service_kit.telemetry.instrumentation import CausedOnly, describe_request
from service_kit.testing.starting import Starting

SERVICE = Starting(Path(__file__).parent / "sample_service")
IMPORTED = "import sys, config.wsgi; print(any(name.startswith('opentelemetry') for name in sys.modules))"
COLLECTOR = "http://127.0.0.1:9"


def tracer(sampler: Sampler) -> Tracer:
    return TracerProvider(sampler=CausedOnly(sampler), shutdown_on_exit=False).get_tracer("test")


@pytest.mark.parametrize(
    ("variables", "imported"),
    [
        ({}, "False"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": COLLECTOR}, "True"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{COLLECTOR}/v1/traces"}, "True"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": COLLECTOR, "OTEL_SDK_DISABLED": "true"}, "False"),
    ],
    ids=["without a collector", "with one", "with one for traces", "switched off beside a collector"],
)
def test_opentelemetry_is_imported_only_where_it_is_wanted(variables: dict[str, str], imported: str) -> None:
    done = SERVICE.python("-c", IMPORTED, DEBUG="true", DATABASE_URL="sqlite://:memory:", **variables)

    assert done.stdout.strip() == imported, done.stderr


def test_a_collector_without_the_packages_is_refused_and_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements-tracing\.txt"):
        tracing.is_wanted(endpoints=[COLLECTOR, ""], disabled=False)
    assert not tracing.is_wanted(endpoints=["", ""], disabled=False)


def test_a_statement_that_nothing_has_caused_is_no_trace() -> None:
    lone = tracer(ALWAYS_ON).start_span("SELECT", kind=SpanKind.CLIENT)

    assert not lone.is_recording()


def test_a_request_and_its_statements_are_one_trace() -> None:
    traced = tracer(ALWAYS_ON)

    with traced.start_as_current_span("request", kind=SpanKind.SERVER) as request:
        statement = traced.start_span("SELECT", kind=SpanKind.CLIENT)

    assert statement.is_recording()
    assert statement.get_span_context().trace_id == request.get_span_context().trace_id


def test_the_sampler_that_the_environment_chose_has_the_last_word() -> None:
    assert not tracer(ALWAYS_OFF).start_span("request", kind=SpanKind.SERVER).is_recording()


def test_a_request_s_span_has_its_id_and_hides_its_query_and_logs_name_its_trace() -> None:
    span = tracer(ALWAYS_ON).start_span("request", kind=SpanKind.SERVER, attributes={"url.query": "name=private"})
    request = RequestFactory().get("/api/v1/", {"name": "private"}, headers={"X-Request-ID": "a-request-id"})

    with structlog.contextvars.bound_contextvars(trace_id=None):
        describe_request(span, request)
        logged = structlog.contextvars.get_contextvars()["trace_id"]

    assert isinstance(span, ReadableSpan)
    assert dict(span.attributes or {}) == {"request_id": "a-request-id", "url.query": "REDACTED"}
    assert logged == format_trace_id(span.get_span_context().trace_id)
