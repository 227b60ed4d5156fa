"""One client with a kept connection. Every request is written to the history before it is sent."""

import http.client
import json
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from chaos.history import Info, Invoke, Kind
from chaos.journal import conclude, fingerprint, meaning
from chaos.seen import Answer
from chaos.shapes import orders_shown, wrong
from chaos.workload.shared import Workload
from stack.ports import LOOPBACK

TIMEOUT = 10.0  # seconds: the recommended timeout of clients
VERBS: Mapping[Kind, str] = {"place": "POST", "adjust-stock": "POST"}
About: TypeAlias = Any  # the type of a field of the history's Invoke
CHANGES = frozenset({"change", "cancel", "ship", "deliver", "edit-product"})


@dataclass(frozen=True)
class Outcome:
    """What a client knows after a request. Without an answer, it knows nothing."""

    answer: Answer | None
    value: Mapping[str, Any] = field(default_factory=dict)  # the body

    @property
    def is_ok(self) -> bool:
        return self.answer is not None and meaning(self.answer) == "ok"

    @property
    def is_unknown(self) -> bool:
        return self.answer is None or meaning(self.answer) == "info"

    @property
    def is_refused(self) -> bool:
        """Whether this request was refused for good: the same one will be refused again."""
        return not self.is_ok and not self.is_unknown and self.retry_after is None

    @property
    def retry_after(self) -> float | None:
        return None if self.answer is None else self.answer.retry_after


class Client:
    """
    Sends the requests of one actor, one after the other.

    :param process: the client's name in the history.
    :param token: None for requests without one.
    """

    def __init__(
        self, workload: Workload, *, process: str, owner: str, token: str | None, timeout: float = TIMEOUT
    ) -> None:
        self.process = process
        self.owner = owner
        self.token = token
        self.timeout = timeout
        self._workload = workload
        self._connection = http.client.HTTPConnection(LOOPBACK, workload.port, timeout=timeout)

    def close(self) -> None:
        self._connection.close()

    def request(self, kind: Kind, path: str, body: object = None, *, key: str | None = None, **about: About) -> Outcome:
        """
        Send one request and wait for its answer.

        :param about: further fields of the history's Invoke.
        """
        self._drop_closed_connection()
        invoke, content, headers = self.begin(kind, body, key=key, **about)
        try:
            self._connection.request(method(kind), path, content, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            refused = isinstance(error, ConnectionRefusedError)
            self.give_up(invoke, type(error).__name__, unsent=refused)
            return Outcome(None)
        answer, value = decode_answer(kind, response, raw)
        self._workload.journal.write(conclude(invoke.op, answer, self._workload.journal.now()))
        return Outcome(answer, value)

    def _drop_closed_connection(self) -> None:
        """Close a kept connection that the server has closed meanwhile, as HTTP libraries do before they use it."""
        if self._connection.sock is not None and select.select([self._connection.sock], [], [], 0)[0]:
            self._connection.close()

    def begin(
        self, kind: Kind, body: object = None, *, key: str | None = None, **about: About
    ) -> tuple[Invoke, bytes | None, dict[str, str]]:
        """Write to the history that a request is sent now. Return that line, and the request's body and headers."""
        op = self._workload.journal.number()
        content = None if body is None else json.dumps(body).encode()
        now = self._workload.journal.now()
        invoke = Invoke(
            at=now.at,
            wall=now.wall,
            op=op,
            process=self.process,
            kind=kind,
            owner=self.owner,
            key=key,
            body="" if content is None else fingerprint(content),
            deadline=self.timeout,
            request_id=f"operation-{op}",
            **about,
        )
        self._workload.journal.write(invoke)
        if key is not None:
            self._workload.requests.put(invoke)
        headers = {"Host": "localhost", "X-Request-ID": invoke.request_id}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if content is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        return invoke, content, headers

    def give_up(self, invoke: Invoke, error: str, *, unsent: bool = False) -> None:
        now = self._workload.journal.now()
        self._workload.journal.write(Info(at=now.at, wall=now.wall, op=invoke.op, error=error, unsent=unsent))

    def vanish(
        self, kind: Kind, path: str, body: object, *, key: str, share: float, after: float, **about: About
    ) -> None:
        """
        Send a request, or a share of its bytes, and disconnect without waiting for the answer.

        :param after: seconds between sending and disconnecting.
        """
        invoke, content, headers = self.begin(kind, body, key=key, **about)
        lines = [f"{method(kind)} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        raw = ("\r\n".join([*lines, f"Content-Length: {len(content or b'')}"]) + "\r\n\r\n").encode() + (content or b"")
        try:
            with socket.create_connection((LOOPBACK, self._workload.port), timeout=1.0) as opened:
                opened.sendall(raw[: max(1, int(len(raw) * share))])
                opened.settimeout(max(after, 0.001))
                opened.recv(1)  # it disconnects when the answer begins, at the latest
        except OSError as error:
            self.give_up(invoke, "vanished", unsent=isinstance(error, ConnectionRefusedError))
            return
        self.give_up(invoke, "vanished")


def method(kind: Kind) -> str:
    return "PATCH" if kind in CHANGES else VERBS.get(kind, "GET")


def decode_answer(kind: Kind, response: http.client.HTTPResponse, raw: bytes) -> tuple[Answer, Mapping[str, Any]]:
    """Decode an answer. Return it, and the value of its body if that is as documented."""
    is_refusal = response.status >= http.client.BAD_REQUEST
    fault = wrong(kind, response.status, response.headers, raw)  # type: ignore[arg-type] # a Message is like a mapping
    value = {} if fault or not raw else json.loads(raw)
    retry_after = response.headers.get("Retry-After", "")
    answer = Answer(
        status=response.status,
        problem=str(value["type"]).removeprefix("/problems/") if is_refusal and value else None,
        wrong=fault,
        fingerprint=fingerprint(raw),
        replayed=response.headers.get("Idempotent-Replayed") == "true",
        retry_after=float(retry_after) if retry_after.isdigit() else None,
        orders=orders_shown(kind, response.status, value) if value else [],
    )
    return answer, value
