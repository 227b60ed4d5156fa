"""The shop under test: two instances of each service and of the reconciler, and a proxy between all parts."""

import socket
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from chaos.links import INSTANCES, POSTGRES_SOCKET, Links
from chaos.proxy.control import Control
from stack import services
from stack.assembly import Assembly
from stack.gateway import gateway_part
from stack.guard import Guard
from stack.keys import make_keys
from stack.part import Part
from stack.places import REPOSITORY
from stack.ports import LOOPBACK, free_ports
from stack.postgres import private_cluster
from stack.registry import SERVICES
from stack.services import Service
from stack.stack import Database

# The gateway closes connections to a replaced instance after so many seconds, as in docker-compose.yml.
# All actors have one address, so that limits per address would count them as one client.
GATEWAY = {
    "GATEWAY_UPSTREAM_IDLE": "2s",
    "GATEWAY_UPSTREAM_LIFE": "2s",
    "GATEWAY_CONNECTIONS_PER_CLIENT": "1000",
    "GATEWAY_REQUESTS_PER_SECOND": "1000000",
}
PROCESSES = {"WEB_CONCURRENCY": "1"}  # of each instance
LIMITS = {"ORDERS_OPEN_PER_OWNER_MAX": "100000"}  # customers order for the whole run, and few orders are shipped


class ShopUnderTest:
    """
    Two instances of each service and of the reconciler, the gateway, and a database server for each service.

    It runs once, as a context manager. Its parts do not restart by themselves: a fault that stops one starts it again.

    :param data: where databases, keys and logs go.
    """

    def __init__(self, *, data: Path, database: Database) -> None:
        self.data = data
        self.database = database
        self._guard = Guard()
        self._run = Path(tempfile.mkdtemp(prefix="ch-"))  # short: the address of a socket holds about 100 bytes
        self._guard.remove(self._run)
        self.assembly = Assembly(self._run, data / "logs", self._guard)
        self.parts = self.assembly.parts
        self._gateway_ports = free_ports(2)
        client, internal = free_ports(2)
        self.links = Links(self._run, ports=(client, internal), with_databases=database == "postgresql")
        self.port = client
        self.gateway_port = self._gateway_ports[0]  # past the proxy
        self.keys = make_keys(data / "keys")
        self._follower = make_keys(data / "follower")  # of these, one pair is the follower's
        self.followed = data / "follower.sqlite3"
        self.clusters = {name: private_cluster(self._guard) for name in SERVICES} if database == "postgresql" else {}
        self.services = self._services({name: name for name in SERVICES})
        self.order_service = self.services["order_service"]
        self.reconciler = self._services({**{name: name for name in SERVICES}, "order_service": "reconciler"})[
            "order_service"
        ]
        self.proxy = Control()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End everything, frozen parts too."""
        try:
            for part in reversed(self.parts.values()):
                part.kill()
            self.proxy.close()
        finally:
            self._guard.close()

    def part(self, name: str) -> Part:
        """One part: `gateway`, `order_service-2`, `reconciler-1`, `product_service-database`."""
        return self.parts[name]

    def socket_of(self, part: str) -> str:
        """Where an instance of a service really listens."""
        return str(self._run / f"{part}.sock")

    def _start(self) -> None:
        for name, cluster in self.clusters.items():
            cluster.create([name])
            part = f"{name}-database"
            self.parts[part] = cluster.part(part, log=self.assembly.logs / f"{part}.log", guard=self._guard)
        self.assembly.start()
        self._open_links()
        for service in self.services.values():
            service.run("migrate", "--no-input")
        for service in self.services.values():
            for instance in INSTANCES:
                self._add_web(service, f"{service.name}-{instance}")
        for instance in INSTANCES:
            self._add(f"reconciler-{instance}", self.reconciler.manage("run_reconciler"), self.reconciler)
        self.parts["gateway"] = gateway_part(
            folder=self._run / "gateway",
            ports=self._gateway_ports,
            sockets={name: self.links.sockets_of(name) for name in SERVICES},
            overrides=GATEWAY,
            log=self.assembly.logs / "gateway.log",
            guard=self._guard,
        )
        self._add_follower()
        self.assembly.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when the database of every instance of a service answers."""
        for name, part in self.parts.items():
            if name.startswith(SERVICES) and part.address:
                part_is_listening, part.is_ready = part.is_ready, lambda part=part: services.answers_ready(part.address)  # type: ignore[misc] # a bound default
                part.wait_until_ready()
                part.is_ready = part_is_listening

    def _open_links(self) -> None:
        public, internal = (f"{LOOPBACK}:{port}" for port in self._gateway_ports)
        targets = {"client>gateway": public, "order_service>product_service": internal}
        for link in self.links.by_name.values():
            service = link.target.partition(">")[2 if link.is_http else 0]
            target = targets.get(link.name) or (
                self.socket_of(link.name.partition(">")[2])
                if link.is_http
                else str(self.clusters[service].folder / POSTGRES_SOCKET)
            )
            self.proxy.open(link.name, listens=link.listens, target=target, is_http=link.is_http)

    def _services(self, users: Mapping[str, str]) -> dict[str, Service]:
        """Return the services, with the databases as these users of links reach them."""
        urls = {
            name: self.links.database_url(name, user=user) if self.clusters else f"sqlite:///{self.data / name}.sqlite3"
            for name, user in users.items()
        }
        return services.all_services(
            self.keys,
            database_urls=urls,
            internal_url=f"http://{self.links['order_service>product_service'].listens}",
            overrides={
                **dict.fromkeys(SERVICES, PROCESSES),
                "order_service": {
                    **PROCESSES,
                    **LIMITS,
                    "TRUSTED_SERVICE_SHIPPING_SERVICE": f"{self._follower.issuer_public} orders:follow",
                },
            },
        )

    def _add_web(self, service: Service, name: str) -> None:
        """Add an instance of a service. It counts as ready when it listens: its database may be down meanwhile."""
        address = self.socket_of(name)
        part = self._add(name, service.serve(), service, BIND=f"unix:{address}")
        part.address, part.is_ready = address, lambda: _listens(address)

    def _add_follower(self) -> None:
        python, *_ = self.order_service.manage()
        self._add(
            "follower",
            [python, "-m", "chaos.follower"],
            self.order_service,
            PYTHONPATH=str(REPOSITORY / "proof"),
            FOLLOWED_FEED=f"http://{LOOPBACK}:{self._gateway_ports[1]}/internal/v1/order-events/",
            FOLLOWER_DATABASE=str(self.followed),
            FOLLOWER_KEY_FILE=str(self._follower.issuer_private),
        )

    def _add(self, name: str, command: Sequence[str], service: Service, **variables: str) -> Part:
        return self.assembly.add(name, command, folder=service.folder, env={**service.environment, **variables})


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.connect(address)
        return True
    return False
