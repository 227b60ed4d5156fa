"""Who gives the proxy its orders: starts it, and waits for each answer."""

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

from chaos.proxy.weather import Trouble
from stack.environment import plain_environment
from stack.errors import StackError

ANSWERS_WITHIN = 20.0  # seconds
PROJECT = Path(__file__).resolve().parents[2]


class Control:
    """A running proxy. Any thread may give orders."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.proxy"],
            cwd=PROJECT,
            env=plain_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C at the terminal is not meant for it
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
        self._order("open", link, listens=listens, target=target, is_http=is_http)

    def worsen(self, link: str, fault: int, trouble: Trouble) -> None:
        self._order("worsen", link, fault=fault, trouble=asdict(trouble))

    def touched(self, link: str, fault: int) -> int:
        """Return how much a trouble that is on has touched so far."""
        return int(self._order("touched", link, fault=fault))

    def mend(self, link: str, fault: int) -> int:
        """End a trouble. Return how many connections, requests, answers or chunks it has touched."""
        return int(self._order("mend", link, fault=fault))

    def reset(self, link: str) -> int:
        """Break every connection. Return how many there were."""
        return int(self._order("reset", link))

    def lead(self, link: str, target: str) -> None:
        """From now on, connect whoever comes with another address. Connections that exist stay."""
        self._order("lead", link, target=target)

    def connections(self, link: str, target: str) -> int:
        """Return how many connections of a link lead to this address."""
        return int(self._order("connections", link, target=target))

    def pick(self, link: str, fault: int, *, age: float) -> str | None:
        """Choose a recorded request, about so many seconds old, to be repeated. Return its X-Request-ID."""
        picked = self._order("pick", link, fault=fault, age=age)
        return None if picked is None else str(picked)

    def repeat(self, link: str, fault: int) -> str:
        """
        Send the request that was picked for this fault once more. Return the first line of its answer.

        :raises StackError: if it could not be sent, or was not answered.
        """
        return str(self._order("repeat", link, fault=fault))

    def _order(self, what: str, link: str, **details: object) -> Any:  # noqa: ANN401 - as JSON has it
        number = next(self._numbers)
        answer: Future[Any] = Future()
        self._waiting[number] = answer
        line = json.dumps({"number": number, "do": what, "link": link, **details}) + "\n"
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
