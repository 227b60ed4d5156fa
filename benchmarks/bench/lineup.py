"""All contenders, by name: data for `designs.py`."""

from collections.abc import Mapping

from bench.commands import KEEP_ALIVE, Topology
from bench.comparison import Comparison, rate
from bench.contender import Contender, Site
from bench.designs import Design, Project, Shop, Workflow, fastapi, serve_ungrouped
from bench.results import recall

# As many processes as both services of the shop have together, or half of them; `monolith` is the best of these.
TOPOLOGIES = (Topology(4), Topology(2, 32, KEEP_ALIVE), Topology(4, 16, KEEP_ALIVE), Topology(4, 4, KEEP_ALIVE))
GROUPED = Topology(2, 32, KEEP_ALIVE)  # a group is made of the threads of one process
PYTHONS = ("3.13", "3.14")
VISITORS = {"products": 1, "pause_ms": 5}
NOT_CACHED = {"GATEWAY_CACHE_SECONDS": "0"}
CACHED = {"GATEWAY_CACHE_SECONDS": "1s"}


def best_topology() -> Topology:
    """The best one that was found, or the one that was best when this was written."""
    found = recall("topology")
    if found is None:
        return TOPOLOGIES[0]
    comparison = Comparison.read(found)
    return max(TOPOLOGIES, key=lambda topology: comparison.middle(str(topology), rate))


LINEUP: Mapping[str, Design] = {
    "ours": Shop(
        "the shop",
        "As shipped: two services, two databases, one HTTP call, 2 + 2 processes, of 64 and 32 threads; tokens "
        "verified, idempotency keys kept, logs and metrics written, the reconciler running.",
    ),
    "grouped": Project(
        "best-tuned monolith, group commit",
        "Two things more than the best-tuned monolith: the shop's own group commit, and a statement that places a "
        "whole group, as in the shop. One database, {topology}; no tokens, keys or logs.",
        "grouped",
        GROUPED,
    ),
    "guarded_grouped": Project(
        "best-tuned, same duties, group commit",
        "Group commit and what the shop does besides: tokens, idempotency keys, a log line a request.",
        "guarded_grouped",
        GROUPED,
    ),
    "monolith": Project(
        "best-tuned monolith",
        "One transaction, DRF plain serializers and ORM, every setting that the shop has (kept connections, the "
        "shop's worker, prepared statements, unix sockets, no middleware), the best topology ({topology}); no tokens, "
        "keys or logs.",
        "tuned",
        best_topology,
    ),
    "guarded": Project(
        "best-tuned monolith, same duties",
        "The same, with what the shop does besides: tokens verified, idempotency keys kept, a log line a request.",
        "guarded",
        best_topology,
    ),
    "usual": Project(
        "monolith as usually deployed",
        "The same views on Django's and DRF's defaults: gthread ({topology}), persistent connections, TCP.",
        "usual",
        Topology(4, 8),
        is_tuned=False,
    ),
    "trimmed": Project(
        "trimmed monolith",
        "What is left when nothing is left: a plain view and one SQL statement ({topology}).",
        "trimmed",
        best_topology,
    ),
    "article": Project(
        "the article's way",
        "get, filter by name, create, on default settings ({topology}, a connection for each request, TCP), on "
        "the shared tables. It takes no stock at all.",
        "article",
        Topology(4),
        is_tuned=False,
    ),
    "usual_port": Project(
        "usual port to two services",
        "ModelViewSet and ModelSerializer, a new httpx client for each call, default settings, 2 + {topology}. "
        "Stock is read, then written: concurrent orders overwrite each other.",
        "port",
        Topology(2),
        is_tuned=False,
        is_split=True,
        orders="usual_port_portedorder",
    ),
    "fastapi": Shop(
        "FastAPI and asyncpg",
        "The same protocol on the same tables, without group commit: uvicorn with uvloop and httptools, "
        "2 + 2 processes, pooled connections, prepared statements, aiohttp; no tokens, no logs.",
        programs=fastapi,
    ),
    "dbos": Workflow(
        "DBOS and FastAPI",
        "Order placement as a durable workflow of DBOS, of two steps; its tables in the database of orders, on the "
        "product_service of the FastAPI contender; 2 + 2 processes; no tokens or logs.",
    ),
    "ungrouped": Shop(
        "the shop without group commit",
        "The same, each request with its own transactions and its own call.",
        serve=serve_ungrouped,
    ),
    "sqlite": Shop(
        "the shop on SQLite",
        "As shipped, on its default database, which writes every commit to disk (synchronous=FULL).",
        is_on_sqlite=True,
    ),
    "twice": Shop("the shop, two instances of each service", "4 + 4 processes on the same machine.", instances=2),
    "cached": Shop("64 clients, micro-cached for 1 s", "", gateway=CACHED),
    "direct": Shop("64 clients, not cached", "", gateway=NOT_CACHED),
    "visitors": Shop("12 visitors of one product, micro-cached", "", gateway=CACHED, load={**VISITORS, "clients": 12}),
    "visitor": Shop("one visitor alone, not cached", "", gateway=NOT_CACHED, load={**VISITORS, "clients": 1}),
    **{f"python{each}": Shop(f"the shop on Python {each}", "", python=each) for each in PYTHONS},
    **{str(each): Project(f"the monolith with {each}", "", "tuned", each) for each in TOPOLOGIES},
    **{size: Shop(f"a {size} shop", "", prefix=f"{size}_") for size in ("small", "large")},
}
COMPARED = (
    *("ours", "grouped", "guarded_grouped", "monolith", "guarded", "usual"),
    *("trimmed", "article", "usual_port", "fastapi", "dbos", "ungrouped"),
)
HEADLINE = ("ours", "grouped", "monolith", "usual")


def contender(site: Site, name: str) -> Contender:
    return LINEUP[name].on(site, name)
