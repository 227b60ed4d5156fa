"""Customers who order without a pause, wherever orders are taken at the moment."""

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx

Place = Callable[[], httpx.Response]

BUYERS = 2
PAUSE = 0.1  # seconds between two orders of one buyer


class Buyers:
    """What became of their orders, by the door at which they were placed."""

    def __init__(self, doors: Mapping[str, Place]) -> None:
        self.doors = doors  # those that they use; it may be replaced at any time
        self.placed: dict[str, list[int]] = defaultdict(list)  # ids
        self.refusals: set[tuple[str, int]] = set()  # doors and statuses
        self._turns = [threading.Lock() for _ in range(BUYERS)]

    @contextmanager
    def buying(self) -> Iterator[None]:
        """Let them order until the block ends."""
        is_over = threading.Event()
        with ThreadPoolExecutor(BUYERS) as pool:
            buyers = [pool.submit(self._buy, turn, is_over) for turn in self._turns]
            try:
                yield
            finally:
                is_over.set()
        for buyer in buyers:
            buyer.result()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No order is on its way in this block."""
        with ExitStack() as stack:
            for turn in self._turns:
                stack.enter_context(turn)
            yield

    def _buy(self, turn: threading.Lock, is_over: threading.Event) -> None:
        for number in itertools.count():
            with turn:
                door = sorted(self.doors)[number % len(self.doors)]
                try:
                    answer = self.doors[door]()
                except httpx.TransportError:
                    pass  # the monolith is being deployed
                else:
                    self._note(door, answer)
            if is_over.wait(PAUSE):
                return

    def _note(self, door: str, answer: httpx.Response) -> None:
        if answer.status_code == httpx.codes.CREATED:
            self.placed[door].append(answer.json()["id"])
        else:
            self.refusals.add((door, answer.status_code))
