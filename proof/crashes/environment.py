"""The environment of one scenario: both services and reconcilers on fresh databases, one process with a fault."""

import os
import signal
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from crashes.points import POINTS, Role
from crashes.test_bed import TestBed
from driver.ledger import Ledger
from driver.shop import Actor
from driver.waiting import eventually
from stack.keys import role_token
from stack.part import Part
from stack.places import REPOSITORY
from stack.ports import LOOPBACK, free_ports
from stack.services import Service, all_services

Action = Literal["kill", "freeze"]

CLIENT_TIMEOUT = 4.0  # seconds; longer than the slowest served request takes
FIRES_WITHIN = 20.0  # seconds


@dataclass(frozen=True)
class Fault:
    """Where a process stops, and how."""

    point: str
    action: Action

    @property
    def role(self) -> Role:
        return POINTS[self.point].role


class Environment:
    """
    The processes of one scenario, without a gateway. The scenario starts the reconciler.

    :param faults: at most one for each role. They have no effect until they are armed.
    """

    def __init__(self, test_bed: TestBed, faults: Sequence[Fault]) -> None:
        self._test_bed = test_bed
        self._faults: Mapping[Role, Fault] = {fault.role: fault for fault in faults}
        self.folder, database_urls = test_bed.databases()
        products_port, orders_port = free_ports(2)
        self.products_url, orders_url = (f"http://{LOOPBACK}:{port}" for port in (products_port, orders_port))
        services = all_services(
            test_bed.keys, database_urls=database_urls, internal_url=self.products_url, overrides={}
        )
        self.order_service = services["order_service"]
        self.products = self._served(services["product_service"], "product_service", products_port)
        self.orders = self._served(self.order_service, "order_service", orders_port)
        self.reconciler = self._reconciler("reconciler", self._faults.get("reconciler"))
        self.second_reconciler = self._reconciler("second_reconciler", None)

        self._clients = [httpx.Client(base_url=url, timeout=CLIENT_TIMEOUT) for url in (orders_url, self.products_url)]
        staff = role_token(test_bed.keys, role="staff", subject="clerk")
        self.clerk_of_orders = Actor(self._clients[0], "clerk", staff)
        self.customer = Actor(
            self._clients[0], "customer", role_token(test_bed.keys, role="customer", subject="customer")
        )
        self.clerk = Actor(self._clients[1], "clerk", staff)
        self.ledger = Ledger(
            internal_url=self.products_url, orders_url=orders_url, keys=test_bed.keys, staff_token=staff
        )

    def __enter__(self) -> Self:
        try:
            self.products.launch()
            self.orders.launch()
            self.products.wait_until_ready()
            self.orders.wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self._logs())
        self.close()

    def close(self) -> None:
        for part in self._parts():
            part.kill()
        for client in self._clients:
            client.close()
        self.ledger.close()

    def arm(self, role: Role) -> None:
        """Arm the fault: from now on, the process of this role stops at its point."""
        self._armed(role).touch()

    def wait_until_fired(self, role: Role) -> float:
        """Return the instant, of the monotonic clock, at which the fault was seen to have fired."""
        fired = self._armed(role).with_suffix(".fired")
        eventually(fired.exists, bool, within=FIRES_WITHIN)
        return time.monotonic()

    def thaw(self, role: Role) -> None:
        """Let the process that froze itself continue."""
        pid = int(self._armed(role).with_suffix(".fired").read_text())
        os.kill(pid, signal.SIGCONT)

    def is_locked(self) -> bool:
        """Whether order_service's SQLite file is locked for longer than a transaction takes, as by a frozen process."""
        file = self.folder / "order_service.sqlite3"
        if not file.exists():  # PostgreSQL locks rows
            return False
        with closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
            return False

    def _armed(self, role: Role) -> Path:
        return self.folder / f"{role}.armed"

    def _served(self, service: Service, role: Role, port: int) -> Part:
        fault = self._faults.get(role)
        python = service.manage()[0]
        application = "crashes.wsgi" if fault else "config.wsgi"
        # One process, and a second one where the first is going to freeze.
        processes = "2" if fault and fault.action == "freeze" else "1"
        return self._part(
            service,
            role,
            [python, "-m", "gunicorn", application, "-c", "gunicorn.conf.py"],
            {"BIND": f"{LOOPBACK}:{port}", "WEB_CONCURRENCY": processes, "WEB_THREADS": "8", **self._variables(fault)},
            port=port,
        )

    def _reconciler(self, name: str, fault: Fault | None) -> Part:
        python, manage, *command = self.order_service.manage("run_reconciler")
        program = [python, "-m", "crashes.manage"] if fault else [python, manage]
        return self._part(self.order_service, name, [*program, *command], self._variables(fault))

    def _variables(self, fault: Fault | None) -> dict[str, str]:
        if fault is None:
            return {}
        return {
            "FAULT_POINT": fault.point,
            "FAULT_ACTION": fault.action,
            "FAULT_ARMED": str(self._armed(fault.role)),
            "PYTHONPATH": str(REPOSITORY / "proof"),
        }

    def _part(
        self,
        service: Service,
        name: str,
        command: Sequence[str],
        variables: Mapping[str, str],
        port: int | None = None,
    ) -> Part:
        return Part(
            name=name,
            command=command,
            folder=service.folder,
            environment={**service.environment, **variables},
            log=self.folder / f"{name}.log",
            guard=self._test_bed.guard,
            is_ready=lambda: port is None or _answers_ready(port),
        )

    def _parts(self) -> list[Part]:
        return [self.reconciler, self.second_reconciler, self.orders, self.products]

    def _logs(self) -> str:
        return "\n".join(f"---- {part.name}\n{part.last_lines(15)}" for part in self._parts())


def _answers_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}/readyz", timeout=1, trust_env=False).is_success
    except httpx.TransportError:
        return False
