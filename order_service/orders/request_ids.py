"""The ids of the requests that a thread works for: each finds its lines in the logs of both services."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

# Characters. The gateway accepts a header of 8,192 bytes: a hundred ids of the usual 32 characters fit.
MAX_GROUP_LENGTH = 7500
LONGEST_REQUEST_ID = 128  # characters that are recorded. The gateway passes on no longer one.


def recorded_request_id(request_id: str | None) -> str:
    """Return a request id as an event has it."""
    return (request_id or "")[:LONGEST_REQUEST_ID]


def current_request_id() -> str | None:
    """Return the id of the request that this thread answers."""
    return structlog.contextvars.get_contextvars().get("request_id")


def current_request_group() -> str | None:
    """Return the ids of the other requests that this thread works for, separated by commas."""
    return structlog.contextvars.get_contextvars().get("request_group")


@contextmanager
def bind_request_ids(others: Sequence[str | None]) -> Iterator[None]:
    """Bind the ids of other requests as `request_group`. Ids that would make it too long are left out."""
    group = ",".join(request_id for request_id in others if request_id)
    if len(group) > MAX_GROUP_LENGTH:
        group = group[:MAX_GROUP_LENGTH].rpartition(",")[0]
    if not group:
        yield
        return
    with structlog.contextvars.bound_contextvars(request_group=group):
        yield
