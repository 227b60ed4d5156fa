"""The shop as it is shipped: both services, the reconciler, their own settings and defaults."""

from collections.abc import Callable, Mapping, Sequence

from stack import services
from stack.registry import SERVICES
from stack.services import Service

from bench.contender import Contender, Ledger, Program, Site
from bench.load import BENCHMARKS
from bench.stores import PostgresStore, SqliteStore, Store, Tables, copy_of

UNGROUPED = BENCHMARKS / "contenders" / "ours"
LEDGER = """
    INSERT INTO inventory_stockadjustment (product_id, delta, reason, subject, created_at, fingerprint)
    SELECT id, stock_quantity, 'initial stock', 'benchmark', created_at, '' FROM products_product
"""
Urls = Callable[[str], str]
Serve = Callable[[Service], Sequence[str]]


def ours(site: Site) -> Contender:
    return on_postgresql(
        site,
        name="ours",
        title="the shop",
        note="As shipped: two services, two databases, one HTTP call, 2 + 2 processes, of 64 and 32 threads; tokens "
        "verified, idempotency keys kept, logs and metrics written, the reconciler running.",
    )


def ungrouped(site: Site) -> Contender:
    return on_postgresql(
        site,
        name="ungrouped",
        title="the shop without group commit",
        note="The same, each request with its own transactions and its own call.",
        serve=_serve_ungrouped,
    )


def on_postgresql(
    site: Site,
    *,
    name: str,
    title: str,
    note: str,
    prefix: str = "",
    serve: Serve = Service.serve,
    gateway: Mapping[str, str] | None = None,
) -> Contender:
    """
    The shop on the common server.

    :param prefix: begins the names of its databases, for a shop that is not like the others.
    """
    made = _services(site, lambda store: site.server.url(prefix + store))
    stores = {
        service.name: PostgresStore(name=prefix + service.name, server=site.server, tables=_tables(service))
        for service in made.values()
    }
    return Contender(
        name=name,
        title=title,
        note=note,
        stores=list(stores.values()),
        programs=_programs(serve, lambda store: site.server.url(copy_of(prefix + store))),
        services={name: name for name in SERVICES},
        ledger=ledger(stores),
        gateway=gateway or {},
    )


def on_sqlite(site: Site) -> Contender:
    """The shop as it starts where no database is configured."""
    folder = site.folder

    def url(store: str) -> str:
        return f"sqlite:///{folder}/sqlite_{store}.sqlite3"

    stores = {
        service.name: SqliteStore(name=f"sqlite_{service.name}", folder=folder, tables=_tables(service))
        for service in _services(site, url).values()
    }
    return Contender(
        name="sqlite",
        title="the shop on SQLite",
        note="As shipped, on its default database, which writes every commit to disk (synchronous=FULL).",
        stores=list(stores.values()),
        programs=_programs(Service.serve, lambda store: url(copy_of(store))),
        services={name: name for name in SERVICES},
        ledger=ledger(stores),
    )


def ledger(stores: Mapping[str, Store]) -> Ledger:
    """How to read orders and stock from the services' tables."""
    return Ledger(
        orders=stores["order_service"],
        products=stores["product_service"],
        count_orders="SELECT count(*) FROM orders_order WHERE placement = 'live'",
        units_ordered="SELECT sum(quantity) FROM orders_order WHERE placement = 'live'",
        units_left="SELECT sum(stock_quantity) FROM products_product",
        undecided="SELECT count(*) FROM orders_order WHERE placement = 'placing' OR next_sync_at IS NOT NULL",
    )


def shop_service(site: Site, name: str, *, prefix: str) -> Service:
    """One of the services, on the databases that a shop with this prefix runs on, for its management commands."""
    return _services(site, lambda store: site.server.url(copy_of(prefix + store)))[name]


def _services(site: Site, url: Urls) -> dict[str, Service]:
    return services.all_services(
        site.keys,
        database_urls={name: url(name) for name in SERVICES},
        internal_url=site.internal_url or "http://127.0.0.1",
        overrides={"order_service": {"ORDERS_OPEN_PER_OWNER_MAX": "0"}},  # some hundred customers order all
    )


def _tables(service: Service) -> Tables:
    sells = service.name == "product_service"
    return Tables(
        command=service.manage("migrate", "--no-input"),
        folder=service.folder,
        environment=service.environment,
        products="products_product" if sells else "",
        statements=[LEDGER] if sells else [],
    )


def _serve_ungrouped(service: Service) -> list[str]:
    if service.name == "product_service":
        return service.serve()
    command = ["ungrouped" if word == "config.wsgi" else word for word in service.serve()]
    return [*command, "--pythonpath", str(UNGROUPED)]


def _programs(serve: Serve, url: Urls) -> Callable[[Site], Sequence[Program]]:
    def programs(site: Site) -> list[Program]:
        made = _services(site, url)
        serving = [
            Program(
                name=service.name,
                command=serve(service),
                folder=service.folder,
                environment={**service.environment, "BIND": site.socket(service.name)},
                address=site.socket(service.name),
            )
            for service in made.values()
        ]
        order_service = made["order_service"]
        reconciler = Program(
            name="reconciler",
            command=order_service.manage("run_reconciler"),
            folder=order_service.folder,
            environment=order_service.environment,
        )
        return [*serving, reconciler]

    return programs
