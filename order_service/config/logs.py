"""Logs: one JSON object per line on standard output, or readable lines for a person at a terminal."""

import logging
import os
from typing import Any

import structlog

STDOUT = 1  # the file descriptor


class LineHandler(logging.Handler):
    """
    Write each line with one system call of its own.

    The kernel keeps such lines whole, so no thread has to wait until another has written; a line is out when this
    returns, and a process that is killed loses none.
    """

    def createLock(self) -> None:  # noqa: N802 - logging's name
        self.lock = None

    def handle(self, record: logging.LogRecord) -> bool:  # the base class's takes the lock, from Python 3.13 on unasked
        accepted = bool(self.filter(record))
        if accepted:
            self.emit(record)
        return accepted

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(STDOUT, f"{self.format(record)}\n".encode())
        except Exception:  # noqa: BLE001 - logging's own convention: a line that cannot be written ends nothing
            self.handleError(record)


def logging_settings(*, level: str, log_format: str) -> dict[str, Any]:
    """
    Route structlog and the standard library's loggers to one handler on standard output.

    :param log_format: `json` or `console`.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    lines: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer(colors=False)]
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
            # Django's own request log would repeat every refusal that api.request_log writes already.
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "httpx": {"level": "WARNING"},  # it would write a line for each call
        },
    }
