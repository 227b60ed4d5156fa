"""The picture of the budgets: how long each caller waits, read from the code that waits."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from shapes import frame, number, text

WIDTH = 860
ZERO, SECOND = 200, 62  # pixels: where the bars begin, and how long one is for each second
TOP, ROW = 44, 30
SECONDS = 10

Row: TypeAlias = tuple[str, Sequence[float], str]


def budgets() -> str:
    """Bars on one scale: each caller's is longer than that of the one it calls."""
    chain, inside = [_client(), _gateway(), *_placing()], _waits()
    between = TOP + ROW * len(chain) + 24
    height = between + ROW * (len(inside) + 1)
    body = [
        *_scale(height - 22),
        *(line for at, row in enumerate(chain) for line in _bar(TOP + ROW * at, row, "own")),
        text(ZERO, between, "What a service waits for inside:", anchor="begin"),
        *(line for at, row in enumerate(inside) for line in _bar(between + 10 + ROW * at, row, "gate")),
    ]
    words = " ".join(f"{name}: {note}." for name, _, note in (*chain, *inside))
    return frame("The budgets", words, WIDTH, height, body)


def _client() -> Row:
    seconds = number("docs/architecture.md", r"- client: (\d+) s")
    return "client", [seconds], f"{seconds:g} s, recommended"


def _gateway() -> Row:
    connect = number("nginx/defaults.env", r"GATEWAY_CONNECT_TIMEOUT=(\d+)ms") / 1000
    answer = number("nginx/defaults.env", r"GATEWAY_READ_TIMEOUT=(\d+)ms") / 1000
    return "gateway", [connect, answer], f"{connect:g} s to connect, {answer:g} s for the answer"


def _placing() -> Iterator[Row]:
    request = number("order_service/orders/services.py", r"REQUEST_BUDGET = ([\d.]+)")
    yield "placement or increase", [request], f"{request:g} s for group and call"
    sending = "order_service/products_client/sending.py"
    call, tries = number(sending, r"CALL_BUDGET: Final = ([\d.]+)"), number(sending, r"TRIES: Final = (\d+)")
    yield "call of product_service", [call], f"{call:g} s for at most {tries:g} tries"
    parts = {part: number(sending, rf'"{part}": min\(([\d.]+)') for part in ("pool", "connect", "write", "read")}
    yield "one try", [*parts.values()], ", ".join(f"{part} {seconds:g} s" for part, seconds in parts.items())


def _waits() -> list[Row]:
    workers, database = "service_kit/service_kit/server/configuration.py", "service_kit/service_kit/database"
    vanished = number(f"{database}/connections.py", r'"tcp_user_timeout": (\d+)') / 1000
    late = number("order_service/orders/batcher.py", r"LEAD_TIMEOUT = ([\d.]+)")
    statement = number(workers, r'DATABASE_STATEMENT_TIMEOUT_MS", "(\d+)"') / 1000
    lock = number(workers, r'DATABASE_LOCK_TIMEOUT_MS", "(\d+)"') / 1000
    return [
        ("the database's host", [vanished], f"{vanished:g} s without an acknowledgment"),
        ("a late group", [late], f"{late:g} s, then the next one begins"),
        ("a statement", [statement], f"{statement:g} s"),
        ("a lock", [lock], f"{lock:g} s"),
    ]


def _scale(bottom: float) -> Iterator[str]:
    for second in range(SECONDS + 1):
        x = ZERO + SECOND * second
        yield f'<path class="grid" d="M{x} {TOP - 14} V{bottom}"/>'
        yield text(x, TOP - 20, f"{second} s")


def _bar(y: float, row: Row, kind: str) -> Iterator[str]:
    """A name, a bar of one part or several, and a note: after the bar, or in it where there is no space."""
    name, parts, note = row
    yield text(ZERO - 12, y + 15, name, small=False, anchor="end")
    x = float(ZERO)
    for seconds in parts:
        width = SECOND * seconds
        yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="20" rx="2"/>'
        x += width
    fits = sum(parts) < SECONDS / 2 + 2
    yield text(x + 8 if fits else x - 8, y + 14, note, anchor="begin" if fits else "end")
