"""Traces: OpenTelemetry where the environment asks for it, else nothing, not even its import."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def is_wanted(*, endpoints: list[str], disabled: bool) -> bool:
    """
    Return whether traces are on: a collector is named, and nobody switched them off.

    :param endpoints: what the standard's variables for the collector's address say, an empty string for nothing.
    :raises ImproperlyConfigured: if they are on, and the packages for them are not installed.
    """
    if disabled or not any(endpoints):
        return False
    if find_spec("opentelemetry") is None:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, which need what requirements-tracing.txt names."
        )
    return True


def start(process: str) -> None:
    """
    Trace this process from now on, if traces are on. Call it once, after the fork, before the application is made.

    :param process: the name under which it is traced, unless OTEL_SERVICE_NAME says another.
    """
    if settings.TRACING:
        from service_kit.telemetry import instrumentation  # noqa: PLC0415 - where traces are off, OpenTelemetry costs nothing

        instrumentation.start(process)


def span(name: str, **attributes: int) -> AbstractContextManager[object]:
    """Return a context that is a span of its own in the trace; nothing, where traces are off."""
    if not settings.TRACING:
        return nullcontext()
    from opentelemetry import trace  # noqa: PLC0415 - as above

    return trace.get_tracer(__name__).start_as_current_span(name, attributes=attributes)
