"""What is measured, in which order; each part can be measured alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from bench.cache import measure_cache
from bench.comparison import Comparison, compare
from bench.contender import Contender
from bench.gunicorn import Topology
from bench.lineup import HEADLINE, LINEUP
from bench.memory import measure_memory
from bench.monoliths import DEFAULT_TOPOLOGY, TOPOLOGIES, guarded, monolith, trimmed
from bench.results import recall
from bench.rounds import Bench, Setting
from bench.scale import measure_scale
from bench.workplace import make_stores

PRODUCTS = 10_000
Found = Mapping[str, object]


def quick(bench: Bench) -> Comparison:
    """The main contenders, at 64 clients."""
    return _compare(bench, "orders", HEADLINE, Setting(warm_up=2, seconds=4), turns=3)


def find_topology(bench: Bench) -> Found:
    """Which way of running it makes the monolith fastest."""
    setting = Setting(seconds=4)
    variants = [
        replace(monolith(bench.site, topology), name=str(topology), title=f"the monolith with {topology}")
        for topology in TOPOLOGIES
    ]
    make_stores(variants, products=PRODUCTS)
    return asdict(compare(bench, variants, setting, name="topology", turns=3))


def best_topology() -> Topology:
    """The best one that was found, or the one that was best when this was written."""
    found = recall("topology")
    if found is None:
        return DEFAULT_TOPOLOGY
    comparison = Comparison.read(found)
    return max(TOPOLOGIES, key=lambda topology: comparison.middle(str(topology), lambda done: done.orders_per_second))


def orders(bench: Bench) -> Found:
    all_on_postgresql = [name for name in LINEUP if name != "sqlite"]
    return asdict(_compare(bench, "orders", all_on_postgresql, Setting(), turns=4))


def hot(bench: Bench) -> Found:
    contenders = ["ours", "grouped", "monolith", "usual", "trimmed"]
    return asdict(_compare(bench, "hot", contenders, Setting(products=1), turns=3))


def alone(bench: Bench) -> Found:
    contenders = ["ours", "grouped", "monolith", "usual", "dbos"]
    return asdict(_compare(bench, "alone", contenders, Setting(clients=1), turns=4))


def sqlite(bench: Bench) -> Found:
    return asdict(_compare(bench, "sqlite", ["sqlite", "usual"], Setting(clients=16), turns=3))


def memory(bench: Bench) -> Found:
    contender = LINEUP["ours"](bench.site)
    make_stores([contender], products=PRODUCTS)
    return measure_memory(bench, contender)


def cache(bench: Bench) -> Found:
    contender = LINEUP["ours"](bench.site)
    make_stores([contender], products=PRODUCTS)
    return measure_cache(bench, contender)


PLAN: Mapping[str, Callable[[Bench], Found]] = {
    "topology": find_topology,
    "orders": orders,
    "hot": hot,
    "alone": alone,
    "sqlite": sqlite,
    "cache": cache,
    "memory": memory,
    "scale": measure_scale,
}


def _compare(bench: Bench, name: str, contenders: Sequence[str], setting: Setting, *, turns: int) -> Comparison:
    chosen = [_contender(bench, contender) for contender in contenders]
    make_stores(chosen, products=PRODUCTS)
    return compare(bench, chosen, setting, name=name, turns=turns)


def _contender(bench: Bench, name: str) -> Contender:
    tuned = {"monolith": monolith, "guarded": guarded, "trimmed": trimmed}
    if name in tuned:
        return tuned[name](bench.site, best_topology())
    return LINEUP[name](bench.site)
