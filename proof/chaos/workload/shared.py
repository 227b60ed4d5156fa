"""What all actors of a run share: the journal, the products, and the newest orders and requests."""

import random
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from chaos.history import Invoke
from chaos.journal import Journal
from chaos.seen import OrderShown, ProductSeen
from stack.keys import SCOPES, Keys, sign_token

REPEATABLE = 5000  # requests
KNOWN = 400  # the newest orders, which the staff may ship


class RecentRequests:
    """The newest requests with an idempotency key, by their X-Request-ID: the proxy may repeat them."""

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
class Workload:
    """
    The shared state of all actors. They act while `active` is set and `finished` is not.

    :param pace: the average pause of an actor between two actions, in seconds.
    """

    journal: Journal
    port: int
    keys: Keys
    products: Sequence[ProductSeen]
    seed: int
    pace: float
    token_seconds: int
    orders: "deque[OrderShown]" = field(default_factory=lambda: deque(maxlen=KNOWN))
    active: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)
    requests: RecentRequests = field(default_factory=RecentRequests)

    def token(self, *, role: str, subject: str) -> str:
        return sign_token(self.keys, subject=subject, scope=SCOPES[role], seconds=self.token_seconds)

    def rng(self, name: str) -> random.Random:
        """Return an actor's own generator. The same seed and name give the same one."""
        return random.Random(f"{self.seed} {name}")  # noqa: S311 - no secret
