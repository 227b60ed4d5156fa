"""Starts the proxy, sends it commands and waits for each answer."""

import itertools
import json
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chaos.proxy.fault_set import LinkFault
from stack.environment import plain_environment
from stack.errors import StackError

ANSWERS_WITHIN = 20.0  # seconds
PROJECT = Path(__file__).resolve().parents[2]


class Control:
    """A running proxy. Any thread may send commands."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.proxy"],
            cwd=PROJECT,
            env=plain_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # so that Ctrl-C at the terminal does not reach it
        )
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._process:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait(ANSWERS_WITHIN)
            self._listener.join()

    @property
    def pid(self) -> int:
        return self._process.pid

    def open(self, link: str, *, listens: str, target: str, is_http: bool) -> None:
        """Make a link: `host:port` or the path of a unix socket, both."""
        self._send("open", link, listens=listens, target=target, is_http=is_http)

    def add_fault(self, link: str, number: int, fault: LinkFault) -> None:
        self._send("add_fault", link, fault=number, details=asdict(fault))

    def touched(self, link: str, fault: int) -> int:
        """Return how much an active fault has affected so far."""
        return int(self._send("touched", link, fault=fault))

    def remove_fault(self, link: str, fault: int) -> int:
        """Remove a fault. Return how many connections, requests, answers or chunks it affected."""
        return int(self._send("remove_fault", link, fault=fault))

    def reset(self, link: str) -> int:
        """Reset every connection. Return how many there were."""
        return int(self._send("reset", link))

    def redirect(self, link: str, target: str) -> None:
        """Connect new clients to another address from now on. Existing connections stay."""
        self._send("redirect", link, target=target)

    def connections(self, link: str, target: str) -> int:
        """Return how many connections of a link lead to this address."""
        return int(self._send("connections", link, target=target))

    def pick(self, link: str, fault: int, *, age: float) -> str | None:
        """Choose a recorded request, about so many seconds old, to be repeated. Return its X-Request-ID."""
        picked = self._send("pick", link, fault=fault, age=age)
        return None if picked is None else str(picked)

    def repeat(self, link: str, fault: int) -> str:
        """
        Send the request that was picked for this fault once more. Return the first line of its answer.

        :raises StackError: if it could not be sent, or was not answered.
        """
        return str(self._send("repeat", link, fault=fault))

    def _send(self, command: str, link: str, **details: object) -> Any:  # noqa: ANN401 - as JSON has it
        number = next(self._numbers)
        answer: Future[Any] = Future()
        self._waiting[number] = answer
        line = json.dumps({"number": number, "command": command, "link": link, **details}) + "\n"
        stdin = self._process.stdin
        if stdin is None or stdin.closed:
            raise StackError("The proxy was closed.")
        with self._lock:
            stdin.write(line.encode())
            stdin.flush()
        return answer.result(ANSWERS_WITHIN)

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            answer = json.loads(line)
            waiting = self._waiting.pop(answer["number"])
            if "error" in answer:
                waiting.set_exception(StackError(f"The proxy: {answer['error']}"))
            else:
                waiting.set_result(answer.get("result"))
        for waiting in list(self._waiting.values()):
            waiting.set_exception(StackError("The proxy ended."))
