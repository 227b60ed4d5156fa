"""The stack: which parts there are, in which order they start and end, and where to reach them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from stack import gateway, postgres, services, templates
from stack.assembly import Assembly
from stack.claim import Claim, Program, Running
from stack.errors import StackError
from stack.guard import Guard
from stack.keys import make_keys
from stack.part import Part
from stack.places import PROBLEM_PAGES, REPOSITORY, own_errors_pages
from stack.ports import LOOPBACK, free_ports
from stack.private import make_private
from stack.registry import REGISTRY, SERVICES
from stack.services import Service

Database = Literal["sqlite", "postgresql"]
NOTHING: Mapping[str, str] = {}


class Stack:
    """
    The services with their further processes, the gateway and, if requested, a private PostgreSQL server.

    It runs once, as a context manager: `with Stack() as stack`. However its process ends, all parts end with it.

    :param data: the folder of databases, keys and logs; without one, a temporary folder that goes with the stack.
    :param ports: the public and the internal one; without them, free ones.
    :param instances: how many instances a service has, by its name; the gateway distributes requests over them.
    :param admin: whether the services' admins run too.
    :param development: whether the services reload their code, and log for people: see `stack.development`.
    :param debug_ports: where a debugger can attach to the services: see `Assembly.debuggers`.
    :param env: variables on top of the usual ones, by the name of a service, or `gateway`.
    :param meanwhile: is called again and again during the start, which ends with what this raises.
    """

    def __init__(
        self,
        *,
        data: Path | None = None,
        database: Database = "sqlite",
        ports: Sequence[int] | None = None,
        instances: Mapping[str, int] | None = None,
        admin: bool = False,
        development: bool = False,
        debug_ports: Sequence[int] = (),
        env: Mapping[str, Mapping[str, str]] | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self.ports = ports or free_ports(2)
        self.public_url, self.internal_url = (f"http://{LOOPBACK}:{port}" for port in self.ports)
        self._instances = instances or {}
        self._admin = admin
        self._gateway_env = (env or {}).get("gateway", NOTHING)
        is_own = data or admin or any("DATABASE_URL" in each for each in (env or {}).values())
        self._template = None if is_own else database

        self._meanwhile = meanwhile

        self._claim = Claim(data) if data else None
        self.folder = Path(tempfile.mkdtemp(prefix="shop-"))  # short: the address of a socket holds about 100 bytes
        self._guard = Guard(self.folder)
        self._guard.remove(self.folder)
        self.data = (data or self.folder / "data").resolve()
        make_private(self.data)
        self.assembly = Assembly(self.folder, self.data / "logs", self._guard, development, debug_ports)
        self.parts = self.assembly.parts
        self.keys = make_keys(self.data / "keys")

        self._cluster = postgres.private_cluster(self._guard) if database == "postgresql" else None
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
        Start everything and wait until all parts are ready.

        :raises StackError: if a part does not start; then nothing keeps running.
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
            if self._claim:
                self._claim.release()

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
        with templates.template(self._template) as template:
            self._make_databases(template)
        self._assemble()
        self.assembly.start(self._meanwhile)
        if self._claim:
            self._claim.tell(self._running())

    def _make_databases(self, template: Path | None) -> None:
        """Start the server, if there is one, with migrated databases: copies of a template, where one was filled."""
        is_filled = template is not None and template.exists()
        if template and is_filled:
            templates.copy(template, self._cluster.folder if self._cluster else self.data)
        elif self._cluster:
            self._cluster.create(SERVICES)
        if self._cluster:
            log, mark = self.assembly.logs / "postgresql.log", self.assembly.mark
            self.parts["postgresql"] = self._cluster.part("postgresql", log=log, guard=self._guard, variables=mark)
            self.assembly.start()
        if not is_filled:
            self._migrate()
        if template and not is_filled:
            self._fill(template)

    def _migrate(self) -> None:
        # Without the admin's tables it takes half as long.
        migrate = ["migrate", "--no-input", *([] if self._admin else ["--settings", "config.settings"])]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda service: service.run(*migrate), self.services.values()))

    def _fill(self, template: Path) -> None:
        if self._cluster:
            self.parts["postgresql"].stop()
            templates.fill(template, [self._cluster.data])
            self.parts["postgresql"].start()
        else:
            templates.fill(template, list(self.data.glob("*.sqlite3*")))

    def _assemble(self) -> None:
        served = self.services.items()
        sockets = {}
        for name, service in served:  # a further service comes last, and so do its debugger's ports
            sockets[name] = self.assembly.serve(service, self._instances.get(name, 1))
            for process, command in REGISTRY[name].processes.items():
                self.assembly.add_process(process, command, service)
        if self._admin:
            for name, service in served:
                if admin := REGISTRY[name].admin:
                    sockets[admin.process] = [self.assembly.serve_admin(service, admin.process)]
        self._sockets = sockets
        if own_errors_pages():
            self.render_problem_pages()
        self.parts["gateway"] = gateway.gateway_part(
            folder=self.folder / "gateway",
            ports=self.ports,
            sockets=sockets,
            overrides=self._gateway_overrides(),
            log=self.data / "logs" / "gateway.log",
            guard=self._guard,
        )

    def gateway_settings(self) -> dict[str, str]:
        """The gateway's settings, with nginx/defaults.env as it is now."""
        return gateway.all_settings(ports=self.ports, sockets=self._sockets, overrides=self._gateway_overrides())

    def render_problem_pages(self) -> None:
        """
        Write the pages anew that the gateway serves. Those of the repository suffice without further services.

        :raises StackError: with the end of what went wrong.
        """
        command = [sys.executable, "-m", "commands.problem_pages", str(self.problem_pages)]
        done = subprocess.run(command, cwd=REPOSITORY / "local", capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(done.stderr.strip().splitlines()[-1])

    @property
    def problem_pages(self) -> Path:
        """The folder of the pages that the gateway serves."""
        return self.folder / "problems" if own_errors_pages() else PROBLEM_PAGES

    def _gateway_overrides(self) -> dict[str, str]:
        return {"GATEWAY_PROBLEM_PAGES": str(self.problem_pages), **self._gateway_env}

    def _running(self) -> Running:
        programs = {
            name: Program(list(part.command), str(part.folder), dict(part.environment))
            for name, part in self.parts.items()
        }
        return Running(os.getpid(), str(self.folder), self.public_url, self.internal_url, programs)

    def _database_url(self, name: str) -> str:
        return self._cluster.database_url(name) if self._cluster else f"sqlite:///{self.data / name}.sqlite3"
