"""Traces by OpenTelemetry, if the environment configures a collector; otherwise it is not even imported."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def is_wanted(*, endpoints: list[str], disabled: bool) -> bool:
    """
    Return whether traces are on: a collector is configured, and the SDK is not disabled.

    :param endpoints: the values of the standard's variables for the collector's address; an empty string if not set.
    :raises ImproperlyConfigured: if they are on, and the packages for them are not installed.
    """
    if disabled or not any(endpoints):
        return False
    if find_spec("opentelemetry") is None:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT switches traces on. Install the packages of requirements-tracing.txt for them."
        )
    return True


def start(process: str) -> None:
    """Trace this process from now on, if traces are on. Called once, after the fork, before the application is made."""
    if settings.TRACING:
        from service_kit.telemetry import instrumentation  # noqa: PLC0415 - if traces are off, OpenTelemetry is not loaded

        instrumentation.start(process)


def span(name: str, **attributes: int) -> AbstractContextManager[object]:
    """Return a context manager that records a span; one that does nothing, if traces are off."""
    if not settings.TRACING:
        return nullcontext()
    from opentelemetry import trace  # noqa: PLC0415 - as above

    return trace.get_tracer(__name__).start_as_current_span(name, attributes=attributes)
