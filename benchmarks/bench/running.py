"""A contender at work: its databases fresh, its programs and the gateway started, and all of it gone afterwards."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx
import psutil
from stack import gateway
from stack.errors import StackError
from stack.guard import Guard
from stack.keys import role_token
from stack.part import Part
from stack.ports import LOOPBACK, free_ports

from bench.contender import Account, Contender, Program, Site
from bench.processor import processor_seconds

START_TIMEOUT = 60.0  # seconds until the first order must have been placed
QUIET = 0.5  # seconds without an order, after which none is under way
SETTLING = 20.0  # seconds that a contender has for interrupted orders

# wrk is one client, and sends more than one client's share. Reads are cached only where that is measured.
GATEWAY: Mapping[str, str] = {
    "GATEWAY_CONNECTIONS_PER_CLIENT": "10000",
    "GATEWAY_REQUESTS_PER_SECOND": "1000000",
    "GATEWAY_REQUESTS_BURST": "1000000",
    "GATEWAY_CACHE_SECONDS": "0",
}


class Running:
    """
    One contender, started; use it as a context manager.

    :param site: where; the address of the internal gateway is filled in here.
    """

    def __init__(self, contender: Contender, *, guard: Guard, site: Site) -> None:
        self.contender = contender
        self._guard = guard
        self._folder = site.folder
        self._ports = free_ports(2)
        self.url, internal_url = (f"http://{LOOPBACK}:{port}" for port in self._ports)
        self.site = replace(site, internal_url=internal_url)
        self.parts: dict[str, Part] = {}
        self._programs: Sequence[Program] = []
        self.first_answer = 0.0  # seconds from starting all programs to the first order placed

    def __enter__(self) -> Self:
        """
        Start everything and place one order.

        :raises StackError: if a program does not come up, or no order can be placed.
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
        """Return when no program and no log is left; the databases stay."""
        for part in reversed(self.parts.values()):
            part.stop()
        self.parts.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def processes(self, name: str) -> list[psutil.Process]:
        """A program's processes, the first one first."""
        first = psutil.Process(self.parts[name].pid)
        return [first, *first.children(recursive=True)]

    def processor_seconds(self) -> dict[str, float]:
        """Seconds that each program and the database server have used so far."""
        times = {name: processor_seconds(self.processes(name)) for name in self.parts}
        return {**times, "postgresql": self.site.server.processor_seconds()}

    def workers_mib(self) -> dict[str, list[float]]:
        """The resident memory of each program's workers, in MiB; its only process is its worker."""
        found = {}
        for name in self.parts:
            first, *workers = self.processes(name)
            found[name] = [process.memory_info().rss / 2**20 for process in workers or [first]]
        return found

    def shares_mib(self) -> dict[str, list[float]]:
        """Those of all processes, pages that several share divided between them (PSS); on Linux only."""
        if not psutil.LINUX:
            return {}
        return {
            name: [process.memory_full_info().pss / 2**20 for process in self.processes(name)] for name in self.parts
        }

    def serving(self, service: str) -> list[str]:
        """The names of the programs that serve one of the shop's services."""
        return [program.name for program in self._programs if service in program.serves]

    def drain(self) -> None:
        """Return when requests whose clients are gone are done: no further order is placed."""
        deadline = time.monotonic() + START_TIMEOUT
        before, orders = -1, self.contender.ledger.count()
        while before != orders and time.monotonic() < deadline:
            time.sleep(QUIET)
            before, orders = orders, self.contender.ledger.count()

    def settle(self, opening: Account) -> None:
        """Return when interrupted orders are completed; at once where there can be none."""
        ledger = self.contender.ledger
        deadline = time.monotonic() + SETTLING
        while ledger.undecided and ledger.read().error_since(opening) and time.monotonic() < deadline:
            time.sleep(0.5)

    def _start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._programs = self.contender.programs(self.site)
        for program in self._programs:
            self.parts[program.name] = Part(
                name=program.name,
                command=program.command,
                folder=program.folder,
                environment=program.environment,
                log=self._folder / f"{program.name}.log",
                guard=self._guard,
                is_ready=lambda: True,
            )
        self.parts["gateway"] = gateway.gateway_part(
            folder=self._folder / "gateway",
            ports=self._ports,
            sockets={},
            overrides={
                **GATEWAY,
                **_upstreams(self._programs),
                **self.contender.gateway,
            },
            log=self._folder / "gateway.log",
            guard=self._guard,
        )
        began = time.perf_counter()
        for part in self.parts.values():
            part.launch()
        self._place_first(began)

    def _place_first(self, began: float) -> None:
        headers = {"Authorization": f"Bearer {role_token(self.site.keys, role='customer', subject='first')}"}
        answer = "none"
        with httpx.Client(base_url=self.url, headers=headers, timeout=5, trust_env=False) as client:
            while time.perf_counter() - began < START_TIMEOUT:
                try:
                    response = client.post("/api/v1/orders/", json={"product_id": 1, "quantity": 1})
                except httpx.TransportError as error:
                    answer = repr(error)
                else:
                    answer = f"{response.status_code} {response.text[:500]}"
                    if response.status_code == httpx.codes.CREATED:
                        self.first_answer = time.perf_counter() - began
                        return
                for part in self.parts.values():
                    if not part.is_alive():
                        raise StackError(f"{part.name} ended by itself.\n{part.last_lines()}")
                time.sleep(0.01)
        logs = "\n".join(f"--- {part.name}\n{part.last_lines(10)}" for part in self.parts.values())
        raise StackError(f"{self.contender.title} placed no order; the last answer: {answer}\n{logs}")


def _upstreams(programs: Sequence[Program]) -> dict[str, str]:
    """The gateway's settings for the programs that serve each service."""
    servers: dict[str, str] = {}
    for program in programs:
        for service in program.serves:
            name = f"GATEWAY_{service.upper()}"
            servers[name] = f"{servers.get(name, '')}server {program.address} max_fails=0;"
    return servers
