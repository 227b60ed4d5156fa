"""Logs: one JSON object per line on standard output, or readable lines for a terminal."""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import msgspec
import structlog

STDOUT = 1  # the file descriptor


def write_line(line: bytes) -> None:
    """
    Write a line, with the newline at its end, by one system call.

    The kernel does not mix such lines of several processes, and a line is written when this returns: a process that is
    killed loses none. If a line cannot be written, it is lost, and the request goes on.
    """
    with suppress(OSError):
        os.write(STDOUT, line)


class Stdout:
    """Standard output, as structlog's loggers use a file."""

    def write(self, line: bytes) -> None:
        write_line(line)

    def flush(self) -> None:
        """Nothing is buffered."""


class LineHandler(logging.Handler):
    """The handler of the standard library's loggers, which Django and the other libraries use."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            write_line(_encode(None, "", self.format(record)) + b"\n")
        except Exception:  # noqa: BLE001 - logging's own convention: a line that cannot be written ends nothing
            self.handleError(record)


def logging_settings(*, level: str, log_format: str) -> dict[str, Any]:
    """Send the lines of structlog and of the standard library's loggers the same way to standard output."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    lines: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_as_json)]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    # Not through the standard library's loggers: their records cost more than the rest of a line.
    structlog.configure(
        processors=[*shared, *lines, cast("Any", _encode)],
        logger_factory=structlog.BytesLoggerFactory(Stdout()),  # type: ignore[arg-type] # of a file, only this is used
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *lines],
            }
        },
        "handlers": {"stdout": {"()": LineHandler, "formatter": "lines"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            # Django's own request log would repeat every refusal that service_kit.telemetry.request_log writes already.
            "django.request": {"level": "CRITICAL"},
            # A client's mistake that is answered with 400 is no reason for a stack trace. Those of forms stay warnings.
            "django.security": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},  # it would write a line for each call
        },
    }


_encoder = msgspec.json.Encoder(enc_hook=repr)


def _as_json(line: Mapping[str, Any], **_: Any) -> str:
    try:
        return _encoder.encode(line).decode()
    except UnicodeEncodeError:  # half a surrogate pair, which a token may contain, has no place in UTF-8
        return json.dumps(line, default=repr)


def _encode(logger: Any, name: str, line: str) -> bytes:
    return line.encode(errors="backslashreplace")
