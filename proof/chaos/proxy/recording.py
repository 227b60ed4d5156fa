"""Complete requests that passed a link, kept to be sent once more later."""

import time
from collections import deque
from dataclasses import dataclass

KEPT = 400  # requests
LARGEST = 65536  # bytes
WRITES = (b"POST ", b"PATCH ")


@dataclass(frozen=True)
class Recorded:
    """One request that may be repeated: it has an idempotency key, or is one between services."""

    seen: float  # by the monotonic clock
    raw: bytes

    @property
    def head(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[0]

    @property
    def request_id(self) -> str:
        return _header(self.head, b"x-request-id")


class Recorder:
    """Assembles the requests of one connection from its chunks, and keeps those that may be repeated."""

    def __init__(self, recent: "RecentRequests") -> None:
        self._recent = recent
        self._raw = b""

    def feed(self, chunk: bytes, *, begins: bool) -> None:
        """
        Take a chunk on its way to the server.

        :param begins: whether it is the first of a request.
        """
        self._raw = chunk if begins else self._raw + chunk
        if not self._raw.startswith(WRITES) or len(self._raw) > LARGEST:
            self._raw = b""
            return
        head, found, body = self._raw.partition(b"\r\n\r\n")
        if found and len(body) >= int(_header(head, b"content-length") or 0):
            self._recent.put(Recorded(time.monotonic(), self._raw))
            self._raw = b""


class RecentRequests:
    """The newest requests of one link that may be repeated."""

    def __init__(self) -> None:
        self._kept: deque[Recorded] = deque(maxlen=KEPT)

    def put(self, request: Recorded) -> None:
        if _header(request.head, b"idempotency-key") or request.raw.startswith(b"POST /internal/"):
            self._kept.append(request)

    def pick(self, age: float) -> Recorded | None:
        """Return the request that is nearest to this many seconds old."""
        wanted = time.monotonic() - age
        return min(self._kept, key=lambda request: abs(request.seen - wanted), default=None)


def _header(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n")[1:]:
        found, _, value = line.partition(b":")
        if found.strip().lower() == name:
            return value.strip().decode("latin-1")
    return ""
