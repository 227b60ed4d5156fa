"""What everybody on stage shares: the clock of the show, the products, the orders that somebody placed."""

import random
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from chaos.history import Invoke, OrderShown, ProductSeen
from chaos.journal import Journal
from stack.keys import SCOPES, Keys, sign_token

REPEATABLE = 5000  # requests
KNOWN = 400  # the newest orders, which the staff may ship


class Asked:
    """The newest requests that had a key, by their X-Request-ID: a proxy may repeat them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Invoke] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, invoke: Invoke) -> None:
        with self._lock:
            self._kept[invoke.request_id] = invoke
            if len(self._kept) > REPEATABLE:
                self._kept.popitem(last=False)

    def get(self, request_id: str) -> Invoke | None:
        with self._lock:
            return self._kept.get(request_id)


@dataclass
class Stage:
    """
    Where clients act.

    :param pace: seconds that a client rests between two things it does, on average.
    """

    journal: Journal
    port: int
    keys: Keys
    products: Sequence[ProductSeen]
    seed: int
    pace: float
    token_seconds: int
    orders: "deque[OrderShown]" = field(default_factory=lambda: deque(maxlen=KNOWN))
    open: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    asked: Asked = field(default_factory=Asked)

    def token(self, *, role: str, subject: str) -> str:
        return sign_token(self.keys, subject=subject, scope=SCOPES[role], seconds=self.token_seconds)

    def chance(self, name: str) -> random.Random:
        """A client's own luck, which is the same for the same seed."""
        return random.Random(f"{self.seed} {name}")  # noqa: S311 - a play, not a secret
