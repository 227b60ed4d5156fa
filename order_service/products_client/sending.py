"""Sending one call: bounded in time and size, retried only when that is safe, and observed."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx
import stamina

from products_client.connections import Connections
from products_client.errors import NoAnswer, ProductsUnavailable

CALL_BUDGET: Final = 2.5  # seconds for a call with all its tries; a deadline of the caller may only shorten it
TRIES: Final = 3
SHORTEST_WAIT: Final = 0.05
LONGEST_WAIT: Final = 0.3
RETRYABLE_STATUSES: Final = frozenset({500, 502, 503, 504})
MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One finished try of a call, for the observer. It ended with a `status`, or else with an `error`."""

    call: str
    number: int
    seconds: float
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that is safe to repeat. `unavailable_error` is raised if no try had an answer."""

    name: str
    method: str
    path: str
    params: Mapping[str, str | int] | None = None
    body: bytes | None = None
    with_token: bool = False
    unavailable_error: type[NoAnswer] = ProductsUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    body: bytes
    retry_after: float = 0.0


class _TryFailed(Exception):
    """A try that had no answer, or a 5xx: another try is safe."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends calls over the connections to products."""

    connections: Connections
    token: Callable[[], str]
    request_id: Callable[[], str | None]
    request_group: Callable[[], str | None]
    observer: Callable[[Attempt], None]
    now: Callable[[], float]

    def until(self, deadline: float | None) -> float:
        """Return the instant by which a call that begins now must end: the deadline, or the end of the budget."""
        end = self.now() + CALL_BUDGET
        return end if deadline is None else min(deadline, end)

    def send(self, call: Call, *, deadline: float | None) -> Response:
        """
        Send one call, with retries, and return its answer, whatever its status.

        No try begins after the deadline. A Retry-After is honoured; if it ends after the deadline, there is no retry.

        :raises NoAnswer: of the type `call.unavailable_error`, if every try failed.
        """
        until = self.until(deadline)
        numbers = itertools.count(1)

        def is_retryable(error: Exception) -> bool | float:
            if not isinstance(error, _TryFailed):
                return False
            if self.now() + max(error.retry_after, LONGEST_WAIT) >= until:
                return False
            return error.retry_after if error.retry_after > LONGEST_WAIT else True

        # `is_retryable` checks the deadline, so the library's own timeout is off. The jitter covers the range of waits.
        @stamina.retry(
            on=is_retryable,
            attempts=TRIES,
            timeout=None,
            wait_initial=SHORTEST_WAIT,
            wait_jitter=LONGEST_WAIT - SHORTEST_WAIT,
            wait_max=LONGEST_WAIT,
        )
        def attempt() -> Response:
            return self._try(call, number=next(numbers), until=until)

        try:
            return attempt()
        except _TryFailed as failure:
            raise call.unavailable_error(str(failure), status=failure.status) from failure

    def _try(self, call: Call, *, number: int, until: float) -> Response:
        headers = self._headers(call)
        started_at = self.now()
        if started_at >= until:
            raise _TryFailed(f"{call.name}: the deadline had passed before anything was sent")
        status: int | None = None
        error: str | None = None
        try:
            response = self._exchange(call, headers, left=until - started_at, until=until)
            status = response.status
        except httpx.RequestError as failure:
            error = type(failure).__name__
            raise _TryFailed(f"{call.name}: {error} {failure}".rstrip()) from failure
        finally:
            seconds = self.now() - started_at
            self.observer(Attempt(call=call.name, number=number, seconds=seconds, status=status, error=error))
        if status in RETRYABLE_STATUSES:
            raise _TryFailed(f"{call.name}: answered {status}", status=status, retry_after=response.retry_after)
        return response

    def _exchange(self, call: Call, headers: Mapping[str, str], *, left: float, until: float) -> Response:
        timeouts = {"connect": min(0.25, left), "write": min(0.5, left), "read": min(0.8, left), "pool": min(0.1, left)}
        answer = self.connections.send(call, headers, timeouts=timeouts)
        try:
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    break  # the decoder rejects a truncated body
                if self.now() >= until:
                    # The read timeout bounds the wait for one chunk, not for all of them.
                    raise httpx.ReadTimeout("the answer was still arriving at the deadline")
        finally:
            answer.close()
        return Response(status=answer.status_code, body=bytes(body), retry_after=_retry_after(answer.headers))

    def _headers(self, call: Call) -> dict[str, str]:
        headers: dict[str, str] = {}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.with_token:
            headers["Authorization"] = f"Bearer {self.token()}"
        if (request_id := self.request_id()) is not None:
            headers["X-Request-ID"] = request_id
        if (request_group := self.request_group()) is not None:
            headers["X-Request-Group"] = request_group
        return headers


def _retry_after(headers: httpx.Headers) -> float:
    """Return the seconds of the header. A date counts as none, because the clocks need not agree."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else 0.0
