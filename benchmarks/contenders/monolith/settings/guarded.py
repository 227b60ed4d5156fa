"""The tuned monolith with tokens, idempotency keys and a request log."""

from contenders.monolith.settings.tuned import *  # noqa: F403 - all but what follows

ROOT_URLCONF = "contenders.monolith.guarded"
MIDDLEWARE = ["contenders.monolith.guarded.RequestLog"]
LOGGING = {
    "version": 1,
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
    "loggers": {"requests": {"handlers": ["stdout"], "level": "INFO"}},
}
