"""Reading hot products with the gateway's micro-cache and without it."""

from dataclasses import replace

from stack.errors import StackError
from stack.gateway import gateway_settings

from bench.contender import Contender
from bench.load import Load, run_load
from bench.progress import say
from bench.rounds import Bench

SETTING = "GATEWAY_CACHE_SECONDS"
WAYS = {"cached": "1s", "direct": "0"}
CLIENTS = 64
PRODUCTS = 100
VISITORS = 12
PAUSE_MS = 5
TURNS = 5
SECONDS = 5.0


def measure_cache(bench: Bench, contender: Contender) -> dict[str, object]:
    """
    Return of each round the answers per second of busy clients, and the 99th percentiles of visitors of one product.

    `alone` is one visitor without the cache: what a read takes when it waits for nobody.

    :raises StackError: if the gateway knows no such setting, or refused to answer.
    """
    if SETTING not in gateway_settings():
        raise StackError(f"The gateway has no setting {SETTING}.")
    bench.refresh(contender)
    found: dict[str, list[float]] = {name: [] for name in (*WAYS, "cached_p99_ms", "alone_p99_ms")}
    for turn in range(1, TURNS + 1):
        for way, value in WAYS.items():
            with bench.start(replace(contender, gateway={SETTING: value})) as running:
                rate = _read(running.url, clients=CLIENTS, products=PRODUCTS).rate
                visitors = VISITORS if way == "cached" else 1
                p99_ms = _read(running.url, clients=visitors, products=1, pause_ms=PAUSE_MS).p99_ms
            found[way].append(rate)
            found["cached_p99_ms" if way == "cached" else "alone_p99_ms"].append(p99_ms)
            say(f"cache, turn {turn} of {TURNS}: {way:6} {rate:8,.0f} answers/s, p99 {p99_ms:.1f} ms")
    return dict(found)


def _read(url: str, *, clients: int, products: int, pause_ms: int = 0) -> Load:
    environment = {"PRODUCTS": str(products), "PAUSE_MS": str(pause_ms)}
    run_load(url, script="read", clients=clients, seconds=1, environment=environment)
    load = run_load(url, script="read", clients=clients, seconds=SECONDS, environment=environment)
    if load.refused or load.failed:
        raise StackError(f"Reading products: {load.refused} refused, {load.failed} failed.")
    return load
