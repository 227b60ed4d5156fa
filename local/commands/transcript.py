"""A transcript of requests and answers for a terminal, with the expectations that were not met."""

import json
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

import httpx

TIMEOUT = 15.0  # seconds within which released stock is available again
WIDTH = 110

BOLD, DIM, GREEN, RED, PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


class Transcript:
    """Prints each step, each request with its answer and each expectation; counts what failed."""

    def __init__(self) -> None:
        self.checks = 0
        self.failures: list[str] = []
        self._colours = sys.stdout.isatty()
        self._muted = False

    def say(self, text: str) -> None:
        print(text, flush=True)

    def step(self, title: str) -> None:
        self.say(f"\n{self._paint(BOLD, title)}")

    def show(self, response: httpx.Response) -> None:
        """Print a request and the answer to it; tokens stay out of it."""
        response.read()
        if self._muted:
            return
        request = response.request
        key = request.headers.get("Idempotency-Key")
        parts = [request.method, request.url.raw_path.decode(), request.content.decode(), f"[key {key}]" if key else ""]
        self.say(f"  > {' '.join(part for part in parts if part)}")
        self.say(f"  < {response.status_code} {response.reason_phrase} {self._paint(DIM, _shortened(response.text))}")

    def expect(
        self, response: httpx.Response, status: int, fields: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        """Check an answer's HTTP status and some fields of its body."""
        self.expect_equal("HTTP status", response.status_code, status)
        got = response.json() if response.content else {}
        for name, value in fields.items():
            self.expect_equal(name, got.get(name), value)

    def expect_soon(self, send: Callable[[], httpx.Response], fields: Mapping[str, object]) -> None:
        """Repeat a request until the answer is as expected; show the last one. For changes by the reconciler."""
        deadline = time.monotonic() + TIMEOUT
        self._muted = True
        while any(send().json().get(name) != value for name, value in fields.items()) and time.monotonic() < deadline:
            time.sleep(0.2)
        self._muted = False
        self.expect(send(), httpx.codes.OK, fields)

    def expect_equal(self, what: str, got: object, wanted: object) -> None:
        self.checks += 1
        if got == wanted:
            self.say(f"    {self._paint(GREEN, 'ok')}      {what} is {wanted}")
        else:
            self.failures.append(f"{what} is {got!r}, not {wanted!r}")
            self.say(f"    {self._paint(RED, 'FAILED')}  {self.failures[-1]}")

    def conclude(self) -> bool:
        """Print the total. Return whether all expectations were met."""
        if self.failures:
            self.say(self._paint(RED, f"\n{len(self.failures)} of {self.checks} expectations were not met."))
        else:
            self.say(self._paint(GREEN, f"\nAll {self.checks} expectations were met."))
        return not self.failures

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._colours else text


def _shortened(body: str) -> str:
    """A body on at most a few lines, JSON without needless spaces."""
    try:
        body = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body
    return ("\n" + " " * 6).join(textwrap.wrap(body, WIDTH, max_lines=4, break_on_hyphens=False))
