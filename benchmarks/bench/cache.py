"""Reading hot products with the gateway's micro-cache and without it."""

from dataclasses import replace

from stack.errors import StackError
from stack.gateway import gateway_settings

from bench.contender import Contender
from bench.load import run_load
from bench.progress import say
from bench.rounds import Bench

SETTING = "GATEWAY_CACHE_SECONDS"
WAYS = {"cached": "1s", "direct": "0"}
CLIENTS = 64
PRODUCTS = 100
TURNS = 5
SECONDS = 5.0


def measure_cache(bench: Bench, contender: Contender) -> dict[str, object]:
    """
    Return the answers per second of each round, with the cache and without.

    :raises StackError: if the gateway knows no such setting, or refused to answer.
    """
    if SETTING not in gateway_settings():
        raise StackError(f"The gateway has no setting {SETTING}.")
    bench.refresh(contender)
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(1, TURNS + 1):
        for way, value in WAYS.items():
            rate = _read(bench, replace(contender, gateway={SETTING: value}))
            found[way].append(rate)
            say(f"cache, turn {turn} of {TURNS}: {way:6} {rate:8,.0f} answers/s")
    return dict(found)


def _read(bench: Bench, contender: Contender) -> float:
    environment = {"PRODUCTS": str(PRODUCTS)}
    with bench.start(contender) as running:
        run_load(running.url, script="read", clients=CLIENTS, seconds=1, environment=environment)
        load = run_load(running.url, script="read", clients=CLIENTS, seconds=SECONDS, environment=environment)
    if load.refused or load.failed:
        raise StackError(f"Reading products: {load.refused} refused, {load.failed} failed.")
    return load.rate
