"""The variants of the monolith: one project, one database."""

from collections.abc import Callable, Mapping, Sequence

from stack.keys import AUDIENCE, ISSUER

from bench.contender import Contender, Ledger, Program, Site
from bench.gunicorn import Topology, gunicorn, migrate
from bench.load import BENCHMARKS
from bench.stores import PostgresStore, Tables

# As many processes as both services of the shop have together, or half of them; `monolith` is the best of these.
KEEP_ALIVE = "service_kit.server.worker.KeepAliveWorker"
TOPOLOGIES = (Topology(4), Topology(2, 32, KEEP_ALIVE), Topology(4, 16, KEEP_ALIVE), Topology(4, 4, KEEP_ALIVE))
DEFAULT_TOPOLOGY = Topology(4)
GROUPED_TOPOLOGY = Topology(2, 32, KEEP_ALIVE)  # a group is made of the threads of one process
USUAL_TOPOLOGY = Topology(4, 8)
EVERYTHING: Mapping[str, str] = {"product_service": "monolith", "order_service": "monolith"}


def monolith(site: Site, topology: Topology = DEFAULT_TOPOLOGY) -> Contender:
    return _variant(
        site,
        name="monolith",
        title="best-tuned monolith",
        note="One transaction, DRF plain serializers and ORM, every setting that the shop has (kept connections, the "
        f"shop's worker, prepared statements, unix sockets, no middleware), the best topology ({topology}); no tokens, "
        "keys or logs.",
        programs=_programs("contenders.monolith.settings.tuned", topology),
    )


def guarded(site: Site, topology: Topology = DEFAULT_TOPOLOGY) -> Contender:
    return _variant(
        site,
        name="guarded",
        title="best-tuned monolith, same duties",
        note="The same, with what the shop does besides: tokens verified, idempotency keys kept, a log line a request.",
        programs=_programs("contenders.monolith.settings.guarded", topology),
    )


def grouped(site: Site) -> Contender:
    return _variant(
        site,
        name="grouped",
        title="best-tuned monolith, group commit",
        note="Two things more than the best-tuned monolith: the shop's own group commit, and a statement that places a "
        f"whole group, as in the shop. One database, {GROUPED_TOPOLOGY}; no tokens, keys or logs.",
        programs=_programs("contenders.monolith.settings.grouped", GROUPED_TOPOLOGY),
    )


def guarded_grouped(site: Site) -> Contender:
    return _variant(
        site,
        name="guarded_grouped",
        title="the same with group commit",
        note="Group commit and what the shop does besides: tokens, idempotency keys, a log line a request.",
        programs=_programs("contenders.monolith.settings.guarded_grouped", GROUPED_TOPOLOGY),
    )


def usual(site: Site) -> Contender:
    return _variant(
        site,
        name="usual",
        title="monolith as usually deployed",
        note=f"The same views on Django's and DRF's defaults: gthread ({USUAL_TOPOLOGY}), persistent connections, TCP.",
        programs=_programs("contenders.monolith.settings.usual", USUAL_TOPOLOGY, listens=Site.port, options=[]),
    )


def trimmed(site: Site, topology: Topology = DEFAULT_TOPOLOGY) -> Contender:
    return _variant(
        site,
        name="trimmed",
        title="trimmed monolith",
        note=f"What is left when nothing is left: a plain view and one SQL statement ({topology}).",
        programs=_programs("contenders.monolith.settings.trimmed", topology),
    )


def article(site: Site) -> Contender:
    topology = Topology(4)
    return _variant(
        site,
        name="article",
        title="the article's way",
        note=f"get, filter by name, create, on default settings ({topology}, a connection for each request, TCP), on "
        "the shared tables. It takes no stock at all.",
        programs=_programs("contenders.article.settings", topology, listens=Site.port, options=[]),
    )


def _variant(
    site: Site, *, name: str, title: str, note: str, programs: Callable[[Site], Sequence[Program]]
) -> Contender:
    store = PostgresStore(
        name="monolith",
        server=site.server,
        tables=Tables(
            command=migrate("contenders.monolith.settings.usual"),
            folder=BENCHMARKS,
            environment={"DATABASE": f"{site.server.folder}:monolith"},
            products="monolith_product",
        ),
    )
    ledger = Ledger(
        orders=store,
        products=store,
        count_orders="SELECT count(*) FROM monolith_order",
        units_ordered="SELECT sum(quantity) FROM monolith_order",
        units_left="SELECT sum(stock_quantity) FROM monolith_product",
    )
    return Contender(
        name=name, title=title, note=note, stores=[store], programs=programs, services=EVERYTHING, ledger=ledger
    )


def _socket(site: Site) -> str:
    return site.socket("monolith")


def _programs(
    settings: str,
    topology: Topology,
    *,
    listens: Callable[[Site], str] = _socket,
    options: Sequence[str] = ("--keep-alive", "75"),
) -> Callable[[Site], Sequence[Program]]:
    def programs(site: Site) -> list[Program]:
        return [
            gunicorn(
                "monolith",
                settings=settings,
                address=listens(site),
                topology=topology,
                environment={
                    "DATABASE": site.database("monolith"),
                    "AUTH_JWKS": str(site.keys.issuer_public),
                    "AUTH_ISSUER": ISSUER,
                    "AUTH_AUDIENCE": AUDIENCE,
                },
                options=options,
            )
        ]

    return programs
