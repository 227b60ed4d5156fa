"""Logs: one JSON object per line on standard output, or readable lines for a person at a terminal."""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

STDOUT = 1  # the file descriptor


def write_line(line: str) -> None:
    """
    Write a line with one system call of its own.

    The kernel keeps such lines whole, so no thread has to wait until another has written; a line is out when this
    returns, and a process that is killed loses none. A line that cannot be written ends nothing.
    """
    with suppress(OSError):
        os.write(STDOUT, f"{line}\n".encode())


class LineLogger:
    """What structlog's loggers write to, each under its name."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def write(self, line: str) -> None:
        write_line(line)

    debug = info = warning = error = critical = write


class LineHandler(logging.Handler):
    """Where the standard library's loggers write to: those of Django and the other libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            write_line(self.format(record))
        except Exception:  # noqa: BLE001 - logging's own convention: a line that cannot be written ends nothing
            self.handleError(record)


def logging_settings(*, level: str, log_format: str) -> dict[str, Any]:
    """
    Send structlog's lines, and those of the standard library's loggers, the same way to standard output.

    :param log_format: `json` or `console`.
    """
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
    # Not by way of the standard library's loggers: their records cost more than the rest of a line.
    structlog.configure(
        processors=[*shared, *lines],
        logger_factory=LineLogger,
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
        "handlers": {
            "stdout": {"()": LineHandler, "formatter": "lines"},
        },
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


_encoder = json.JSONEncoder(default=repr)  # `json.dumps` makes one for each line


def _as_json(line: Mapping[str, Any], **_: Any) -> str:
    return _encoder.encode(line)
