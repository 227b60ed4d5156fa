"""The stack: which parts there are, in which order they start and end, and where to reach them."""

import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from stack import gateway, postgres, services
from stack.environment import plain_environment
from stack.errors import StackError
from stack.guard import Guard
from stack.keys import make_keys
from stack.part import Part
from stack.ports import LOOPBACK, free_ports
from stack.registry import REGISTRY, SERVICES
from stack.services import Service

Database = Literal["sqlite", "postgresql"]
NOTHING: Mapping[str, str] = {}


class Stack:
    """
    The services with their further processes, the gateway and, if requested, a private PostgreSQL server.

    It runs once, as a context manager: `with Stack() as stack`. Dying in any way ends all its parts too.

    :param data: the folder of databases, keys and logs; without one, a temporary folder that goes with the stack.
    :param ports: the public and the internal one; without them, free ones.
    :param instances: how many instances a service has, by its name; the gateway distributes requests over them.
    :param admin: whether the services' admins run too.
    :param env: variables on top of the usual ones, by the name of a service, or `gateway`.
    """

    def __init__(
        self,
        *,
        data: Path | None = None,
        database: Database = "sqlite",
        ports: Sequence[int] | None = None,
        instances: Mapping[str, int] | None = None,
        admin: bool = False,
        env: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.ports = ports or free_ports(2)
        self.public_url, self.internal_url = (f"http://{LOOPBACK}:{port}" for port in self.ports)
        self.parts: dict[str, Part] = {}
        self._instances = instances or {}
        self._admin = admin
        self._gateway_env = (env or {}).get("gateway", NOTHING)

        self._guard = Guard()
        self._run = Path(tempfile.mkdtemp(prefix="shop-"))  # short: the address of a socket holds about 100 bytes
        self._guard.remove(self._run)
        self.data = (data or self._run / "data").resolve()
        self.keys = make_keys(self.data / "keys")

        self._cluster = _cluster() if database == "postgresql" else None
        if self._cluster:
            self._guard.remove(self._cluster.folder)
        self.services = services.all_services(
            self.keys,
            database_urls={name: self._database_url(name) for name in SERVICES},
            internal_url=self.internal_url,
            overrides=env or {},
        )

    @property
    def product_service(self) -> Service:
        return self.services["product_service"]

    @property
    def order_service(self) -> Service:
        return self.services["order_service"]

    def __enter__(self) -> Self:
        """
        Start everything and wait until all of it works.

        :raises StackError: if a part does not come up; nothing is left running then.
        """
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
        """Stop every part, those that others need last, and remove what was temporary."""
        try:
            for part in reversed(self.parts.values()):
                part.stop()
        finally:
            self._guard.close()

    def part(self, name: str) -> Part:
        """
        One part, to be killed, frozen or restarted.

        :param name: `product_service` or `order_service` (a second instance: `order_service-2`), `product_admin`,
            `order_admin`, `reconciler`, `gateway`, `postgresql`.
        """
        return self.parts[name]

    def ended(self) -> list[Part]:
        """The parts that should run and do not."""
        return [part for part in self.parts.values() if not part.is_alive()]

    def _start(self) -> None:
        if self._cluster:
            self._cluster.create(SERVICES)
            self._add(
                "postgresql",
                self._cluster.command(),
                is_ready=self._cluster.is_ready,
                folder=self._cluster.folder,
                env=plain_environment(),
                user=self._cluster.user,
                stop_signal=postgres.FAST_SHUTDOWN,
            ).start()
        # Without the admin's tables it takes half as long.
        migrate = ["migrate", "--no-input", *([] if self._admin else ["--settings", "config.settings"])]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda service: service.run(*migrate), self.services.values()))
        sockets = {name: self._serve(service) for name, service in self.services.items()}
        if self._admin:
            for name, service in self.services.items():
                sockets[REGISTRY[name].admin.process] = [self._serve_admin(service)]
        for name, service in self.services.items():
            for process, command in REGISTRY[name].processes.items():
                self._add_process(process, command, service)
        self.parts["gateway"] = gateway.gateway_part(
            folder=self._run / "gateway",
            ports=self.ports,
            sockets=sockets,
            overrides=self._gateway_env,
            log=self.data / "logs" / "gateway.log",
            guard=self._guard,
        )
        started = [part for part in self.parts.values() if not part.is_alive()]
        for part in started:
            part.launch()
        for part in started:
            part.wait_until_ready()

    def _serve(self, service: Service) -> list[str]:
        """Add a service's gunicorns. Return their sockets."""
        sockets = []
        for number in range(1, self._instances.get(service.name, 1) + 1):
            name = service.name if number == 1 else f"{service.name}-{number}"
            socket = str(self._run / f"{name}.sock")
            metrics_bind = _free_address()
            part = self._add(
                name,
                service.serve(),
                is_ready=lambda socket=socket: services.answers_ready(socket),  # type: ignore[misc] # a bound default
                folder=service.folder,
                env={"BIND": f"unix:{socket}", "METRICS_BIND": metrics_bind, **service.environment},
            )
            part.address, part.metrics_url = socket, f"http://{metrics_bind}/metrics"
            sockets.append(socket)
        return sockets

    def _serve_admin(self, service: Service) -> str:
        """Add a service's admin. Return its socket."""
        name = REGISTRY[service.name].admin.process
        socket = str(self._run / f"{name}.sock")
        self._add(
            name,
            service.serve_admin(),
            is_ready=lambda: services.answers_ready(socket),
            folder=service.folder,
            env={"BIND": f"unix:{socket}", "ADMIN_COOKIES_SECURE": "false", **service.environment},
        ).address = socket
        return socket

    def _add_process(self, name: str, command: str, service: Service) -> None:
        """Add a further process of a service."""
        metrics_bind = _free_address()
        self._add(
            name,
            service.manage(command),
            folder=service.folder,
            env={"METRICS_BIND": metrics_bind, **service.environment},
        ).metrics_url = f"http://{metrics_bind}/metrics"

    def _add(
        self,
        name: str,
        command: Sequence[str],
        *,
        is_ready: Callable[[], bool] = lambda: True,
        folder: Path,
        env: Mapping[str, str],
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> Part:
        self.parts[name] = Part(
            name=name,
            command=command,
            folder=folder,
            environment=env,
            log=self.data / "logs" / f"{name}.log",
            guard=self._guard,
            is_ready=is_ready,
            user=user,
            stop_signal=stop_signal,
        )
        return self.parts[name]

    def _database_url(self, name: str) -> str:
        return self._cluster.database_url(name) if self._cluster else f"sqlite:///{self.data / name}.sqlite3"


def _free_address() -> str:
    return f"{LOOPBACK}:{free_ports(1)[0]}"


def _cluster() -> postgres.Cluster:
    programs = postgres.find_postgres()
    if programs is None:
        raise StackError("PostgreSQL was not found. Install it (apt-get install postgresql) and try again.")
    return postgres.Cluster(programs)
