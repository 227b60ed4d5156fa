"""The kinds of contenders: the shop in its variants, and Django projects on one database or on two."""

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from stack import services
from stack.registry import SERVICES
from stack.services import Service

from bench.commands import Topology, django_program, uvicorn
from bench.contender import Contender, Ledger, Program, Site
from bench.load import BENCHMARKS
from bench.stores import PostgresStore, SqliteStore, Store, Tables, copy_of
from bench.trees import in_tree, on_python

INITIAL_STOCK = """
    INSERT INTO inventory_stockadjustment (product_id, delta, reason, subject, created_at, fingerprint)
    SELECT id, stock_quantity, 'initial stock', 'benchmark', created_at, '' FROM products_product
"""
Serve = Callable[[Service], Sequence[str]]
Programs = Callable[[Site], Sequence[Program]]


class Design(Protocol):
    """A row of the line-up."""

    def on(self, site: Site, name: str) -> Contender: ...


@dataclass(frozen=True)
class Shop:
    """
    The shop as it is shipped: both services, the reconciler, their own settings and defaults.

    :param prefix: begins the names of its databases, for a shop that is not like the others.
    :param programs: other programs on the same tables.
    :param instances: of each service, each as large as the only one.
    :param python: the version of Python that it runs on, if not that of its virtual environments.
    """

    title: str
    note: str
    prefix: str = ""
    serve: Serve = Service.serve
    programs: Programs | None = None
    instances: int = 1
    python: str = ""
    is_on_sqlite: bool = False
    gateway: Mapping[str, str] = field(default_factory=dict)
    load: Mapping[str, Any] = field(default_factory=dict)

    def on(self, site: Site, name: str) -> Contender:
        stores: dict[str, Store] = {}
        for service in self.services(site, str).values():
            tables, database = _tables(service), self.prefix + service.name
            stores[service.name] = (
                SqliteStore(name=f"sqlite_{database}", folder=site.folder, tables=tables)
                if self.is_on_sqlite
                else PostgresStore(name=database, server=site.server, tables=tables)
            )
        contender = Contender(
            name=name,
            title=self.title,
            note=self.note,
            stores=list(stores.values()),
            programs=self.programs or partial(self._programs, url=partial(self._url, site)),
            ledger=_ledger(stores),
            gateway=self.gateway,
            load=self.load,
        )
        return in_tree(contender, on_python(self.python)) if self.python else contender

    def services(
        self, site: Site, named: Callable[[str], str], url: Callable[[str], str] | None = None
    ) -> dict[str, Service]:
        """Its services, on the databases with these names."""
        url = url or partial(self._url, site)
        return services.all_services(
            site.keys,
            database_urls={name: url(named(self.prefix + name)) for name in SERVICES},
            internal_url=site.internal_url or "http://127.0.0.1",
            overrides={"order_service": {"ORDERS_OPEN_PER_OWNER_MAX": "0"}},  # some hundred customers order all
        )

    def _url(self, site: Site, database: str) -> str:
        return f"sqlite:///{site.folder}/sqlite_{database}.sqlite3" if self.is_on_sqlite else site.server.url(database)

    def _programs(self, site: Site, *, url: Callable[[str], str]) -> list[Program]:
        made = self.services(site, copy_of, url)
        serving = [
            self._serving(site, service, name)
            for service in made.values()
            for name in [service.name, *(f"{service.name}_{number}" for number in range(2, self.instances + 1))]
        ]
        order_service = made["order_service"]
        reconciler = Program(
            name="reconciler",
            command=order_service.manage("run_reconciler"),
            folder=order_service.folder,
            environment=order_service.environment,
        )
        return [*serving, reconciler]

    def _serving(self, site: Site, service: Service, name: str) -> Program:
        return Program(
            name=name,
            command=self.serve(service),
            folder=service.folder,
            environment={**service.environment, "BIND": site.socket(name)},
            address=site.socket(name),
            serves=[service.name],
        )


@dataclass(frozen=True)
class Project:
    """
    One Django project on one database, or run once for each service, on a database of its own.

    :param note: `{topology}` stands for how it is run.
    :param settings: its name in contenders/settings.py.
    """

    title: str
    note: str
    settings: str
    topology: Topology | Callable[[], Topology]
    is_tuned: bool = True
    is_split: bool = False
    orders: str = "monolith_order"  # its table of orders

    def on(self, site: Site, name: str) -> Contender:
        topology = self.topology if isinstance(self.topology, Topology) else self.topology()
        run = partial(django_program, settings=self.settings, topology=topology, is_tuned=self.is_tuned)
        serves = {f"port_{each}": [each] for each in SERVICES} if self.is_split else {"monolith": SERVICES}
        stores = [_django_store(site, store, sells="product_service" in served) for store, served in serves.items()]
        ledger = Ledger(
            orders=next(store for store in stores if "order_service" in serves[store.name]),
            products=next(store for store in stores if "product_service" in serves[store.name]),
            count_orders=f"SELECT count(*) FROM {self.orders}",
            units_ordered=f"SELECT sum(quantity) FROM {self.orders}",
            units_left="SELECT sum(stock_quantity) FROM monolith_product",
        )
        return Contender(
            name=name,
            title=self.title,
            note=self.note.format(topology=topology),
            stores=stores,
            programs=lambda site: [run(site, store, serves=served) for store, served in serves.items()],
            ledger=ledger,
        )


@dataclass(frozen=True)
class Workflow:
    """Order placement as a workflow of DBOS, beside the product_service of the FastAPI contender."""

    title: str
    note: str
    prefix: str = "dbos_"

    def on(self, site: Site, name: str) -> Contender:
        shop = Shop(self.title, self.note, prefix=self.prefix, programs=self._programs).on(site, name)
        stores = {store.name.removeprefix(self.prefix): store for store in shop.stores}
        orders = stores["order_service"]
        if not isinstance(orders, PostgresStore):
            raise TypeError("DBOS keeps its tables in PostgreSQL.")
        made = [orders.tables.command, _dbos("migrate", "--sys-db-url", _sqlalchemy(site.server.url(orders.name)))]
        command = ["sh", "-c", " && ".join(map(shlex.join, made))]  # its own tables beside those of the shop
        stores["order_service"] = replace(orders, tables=replace(orders.tables, command=command))
        undecided = "SELECT count(*) FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')"
        ledger = replace(shop.ledger, orders=stores["order_service"], undecided=undecided)
        return replace(shop, stores=list(stores.values()), ledger=ledger)

    def _programs(self, site: Site) -> Sequence[Program]:
        database = site.database(f"{self.prefix}product_service")
        url = _sqlalchemy(site.server.url(copy_of(f"{self.prefix}order_service")))
        environment = {"DATABASE_URL": url, "EXECUTORS": str(site.folder)}
        return [
            uvicorn(site, "product_service", module="fastapi_peer.products", environment={"DATABASE": database}),
            uvicorn(site, "order_service", module="dbos_peer.orders", environment=environment),
        ]


def fastapi(site: Site) -> Sequence[Program]:
    """The shop's protocol on FastAPI and asyncpg."""
    modules = {"product_service": "fastapi_peer.products", "order_service": "fastapi_peer.orders"}
    return [
        uvicorn(site, name, module=module, environment={"DATABASE": site.database(name)})
        for name, module in modules.items()
    ]


def serve_ungrouped(service: Service) -> list[str]:
    """The command that runs a service without group commit."""
    if service.name == "product_service":
        return service.serve()
    command = ["ungrouped" if word == "config.wsgi" else word for word in service.serve()]
    return [*command, "--pythonpath", str(BENCHMARKS / "contenders" / "ours")]


def _tables(service: Service) -> Tables:
    sells = service.name == "product_service"
    return Tables(
        command=service.manage("migrate", "--no-input"),
        folder=service.folder,
        environment=service.environment,
        products="products_product" if sells else "",
        statements=[INITIAL_STOCK] if sells else [],
    )


def _ledger(stores: Mapping[str, Store]) -> Ledger:
    """How to read orders and stock from the services' tables."""
    return Ledger(
        orders=stores["order_service"],
        products=stores["product_service"],
        count_orders="SELECT count(*) FROM orders_order WHERE placement = 'live'",
        units_ordered="SELECT sum(quantity) FROM orders_order WHERE placement = 'live'",
        units_left="SELECT sum(stock_quantity) FROM products_product",
        undecided="SELECT count(*) FROM orders_order WHERE placement = 'placing' OR next_sync_at IS NOT NULL",
    )


def _django_store(site: Site, name: str, *, sells: bool) -> PostgresStore:
    environment = {"DATABASE": f"{site.server.folder}:{name}", "DJANGO_SETTINGS_MODULE": "contenders.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--run-syncdb", "--no-input"]
    products = "monolith_product" if sells else ""
    tables = Tables(command=command, folder=BENCHMARKS, environment=environment, products=products)
    return PostgresStore(name=name, server=site.server, tables=tables)


def _dbos(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("dbos")), *arguments]


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:")
