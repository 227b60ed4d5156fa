"""
What happened in one run, as JSON lines: written while it runs, read by the checker and the report.

Times. `at` is in seconds of the monotonic clock since the run began (chaos.journal.Clock), `wall` in seconds since
1970. Both are taken *before* an operation's first byte is sent (Invoke) and *after* its answer was read (Ok, Fail,
Info). A fault begins before it can have an effect and ends when what it hindered can work again: the process is back
and listens, the link is clean, the lock is gone, the database takes connections. Lines of several threads may be a
little out of order in the file; the checker sorts them by `at`.

Operations. Every request that reaches the shop is one operation with a number of its own, retries and the late
duplicates that a proxy sends on a public route included (`replay_of`, process "proxy"): Invoke first, written before
the request is sent, then at most one of
- Ok: a 2xx answer,
- Fail: an answer that says that it had no effect (every 4xx, and the "not done" 503s of docs/errors.md),
- Info: anything else; it may have taken effect, now or later. A client that disconnects writes Info without an answer;
  an operation without a second line counts the same.
chaos.journal.conclude chooses the line for an answer. A duplicate gets Info, since its answer is not read.

Samples. The two databases are read past all proxies, OrdersSeen and ProductsSeen in turn, never at the same time; each
is one snapshot (one transaction, REPEATABLE READ). `read_from` is taken before the snapshot, `at` after it. `rows`
and `reservations` are the rows that changed since the last line of the same type that had any (the first one: all);
`gone` lists the ids of rows that have been deleted since; None means that only the totals were read this time.
A database that is down is not sampled.
"""

from typing import Literal, TypeAlias

import msgspec

from chaos.seen import Answer, EventApplied, OrderSeen, ProductSeen, ReservationSeen

# "same key, other body" is a place with a key that an earlier place had; a burst is several places with one key.
Kind: TypeAlias = Literal[
    "place",  # POST /api/v1/orders/
    "change",  # PATCH quantity
    "cancel",  # PATCH status canceled
    "ship",
    "deliver",
    "read-order",
    "list-orders",
    "read-product",
    "list-products",
    "adjust-stock",  # POST stock-adjustments/
    "edit-product",  # PATCH name or price
]
FaultKind: TypeAlias = Literal[
    "sigkill",
    "sigterm",
    "sigstop",  # until SIGCONT
    "database-kill",  # an immediate stop
    "database-vanish",  # connections go silent: neither data nor an end arrives any more
    "read-only",  # the database refuses writes, as after a failover to a replica
    "clock-shift",  # a process restarted with another wall clock
    "greedy-customer",  # one owner with very many connections, each of which orders without a rest
    "latency",
    "refuse",
    "blackhole",
    "reset",
    "cut-request",
    "cut-reply",  # a lost answer
    "replay",  # a late duplicate
    "lock",
    "power-cut",
]
# A process: "gateway", "order_service", "order_service/worker", "order_service/reconciler", "order_service/database",
# "product_service", "product_service/worker", "product_service/database". A link, from its client to its server:
# "client>gateway", "gateway>order_service", "gateway>product_service", "order_service>product_service",
# "order_service>database", "product_service>database". A power cut: "everything".
Target: TypeAlias = str
PhaseName: TypeAlias = Literal[
    "warm-up",  # no faults yet
    "products-outage",  # product_service is down: reading and canceling orders must work
    "greedy-customer",  # one owner takes all that its connections carry: others must be served
    "graceful-restart",  # of `target`, by its documented command: no request may be dropped
    "quiet",  # all faults are over, no client writes, and 15 seconds have passed: the ledger must balance
]


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    at: float
    wall: float


class Start(Line, tag="start", frozen=True, kw_only=True):
    """The first line. Products are those that the workload uses, as they were created; all of their history is here."""

    seed: int
    commit: str  # of the repository, with "+" if the tree had changes
    database: str  # "postgresql" or "sqlite"
    command: str  # which repeats this run
    mutant: str = ""
    products: list["ProductSeen"] = []


class Invoke(Line, tag="invoke", frozen=True, kw_only=True):
    op: int
    process: str  # the client; it sends one request at a time, so each request of a burst has its own client
    kind: Kind
    owner: str  # the subject of the token
    key: str | None = None  # Idempotency-Key
    body: str = ""  # chaos.journal.fingerprint of the body sent; equal bodies have equal ones
    product_id: int | None = None
    order_id: int | None = None
    quantity: int | None = None  # of place and change
    delta: int | None = None  # of adjust-stock
    price: str | None = None  # of edit-product, None when it is not edited; "19.90"
    name: str | None = None
    deadline: float | None = None  # seconds that the client waits
    replay_of: int | None = None  # the operation whose request is sent once more by a proxy
    request_id: str = ""  # X-Request-ID


class Concluded(Line, frozen=True, kw_only=True):
    op: int


class Ok(Concluded, tag="ok", frozen=True, kw_only=True):
    answer: Answer


class Fail(Concluded, tag="fail", frozen=True, kw_only=True):
    answer: Answer


class Info(Concluded, tag="info", frozen=True, kw_only=True):
    answer: Answer | None = None
    error: str = ""  # "vanished", "ReadTimeout", "ConnectError", ... where there was no answer
    unsent: bool = False  # surely no byte of the request was sent (connection refused)


class OrdersSeen(Line, tag="orders", frozen=True, kw_only=True):
    read_from: float
    live: int  # rows
    placing: int  # rows
    undecided: int  # rows that are placing, or whose increase is in flight
    undecided_age: float = 0.0  # seconds, of the oldest undecided order; 0 without any
    unsynced: int = 0  # rows whose synced_revision is not their revision
    unsynced_age: float = 0.0
    rows: list[OrderSeen] | None = None
    gone: list[int] = []


class EventsSeen(Line, tag="events", frozen=True, kw_only=True):
    """What the follower has applied since the last line of this type."""

    read_from: float
    events: list[EventApplied]


class ProductsSeen(Line, tag="products", frozen=True, kw_only=True):
    read_from: float
    products: list[ProductSeen]  # all of Start.products, every time
    reservations: list[ReservationSeen] | None = None
    gone: list[str] = []


class FaultBegin(Line, tag="fault-begin", frozen=True, kw_only=True):
    fault: int
    kind: FaultKind
    target: Target
    detail: str = ""  # for people: "pid 4711", "0.8 s", "op 1234"


class FaultEnd(Line, tag="fault-end", frozen=True, kw_only=True):
    fault: int
    touched: int = 0  # of a fault of a link: the connections, requests, answers or chunks that it affected


class PhaseBegin(Line, tag="phase-begin", frozen=True, kw_only=True):
    phase: int
    name: PhaseName
    target: Target = ""


class PhaseEnd(Line, tag="phase-end", frozen=True, kw_only=True):
    phase: int


class Memory(Line, tag="memory", frozen=True, kw_only=True):
    """The resident memory of one process. Its proportional share would change with the number of other processes."""

    part: Target
    pid: int
    kib: int


class Note(Line, tag="note", frozen=True, kw_only=True):
    text: str


class End(Line, tag="end", frozen=True, kw_only=True):
    """The last line of a run that was not broken off."""


Reply: TypeAlias = Ok | Fail | Info
Mark: TypeAlias = FaultBegin | FaultEnd | PhaseBegin | PhaseEnd | Note | End
Entry: TypeAlias = Start | Invoke | Reply | OrdersSeen | ProductsSeen | EventsSeen | Memory | Mark
