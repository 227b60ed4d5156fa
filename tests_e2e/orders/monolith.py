"""The monolith of docs/examples/monolith, release by release, on the PostgreSQL server of a shop."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from orders.migration_page import EXAMPLE
from stack.part import Part
from stack.places import service_folder
from stack.ports import LOOPBACK, free_ports
from stack.stack import Stack

WITH_UNITS = {"placing", "pending", "shipped"}


@dataclass(frozen=True)
class Rows:
    """Its two tables, by id."""

    products: Mapping[int, dict[str, Any]]
    orders: Mapping[int, dict[str, Any]]

    def units(self, product_id: int, *, reserved: bool | None = None) -> list[int]:
        """The quantity of each order of a product that has units: of all, or with or without a reservation."""
        return sorted(
            row["quantity"]
            for row in self.orders.values()
            if row["product_id"] == product_id
            and row["status"] in WITH_UNITS
            and reserved in {None, row.get("revision", 0) > 0}
        )


class Monolith:
    """One release of it is deployed at a time; commands can be run with the code of any."""

    def __init__(self, stack: Stack, *, programs: Path, folder: Path, env: Mapping[str, str]) -> None:
        order_service = stack.order_service
        self._stack, self._programs, self._folder = stack, programs, folder
        self.env = {
            **env,
            "PATH": f"{order_service.folder}/.venv/bin:{order_service.environment['PATH']}",
            "SECRET_KEY": "only for this test",
            "DATABASE_URL": _create_database(order_service.environment["DATABASE_URL"], programs=programs),
        }
        [self._port] = free_ports(1)
        self._processes: list[Part] = []
        self.client = httpx.Client(base_url=f"http://{LOOPBACK}:{self._port}", timeout=10, trust_env=False)

    def release(self, number: int) -> Path:
        """The folder of a release: the files of each step, over those of the steps before."""
        folder = self._folder / f"release-{number}"
        if not folder.exists():
            for step in sorted(EXAMPLE.glob("[0-9]_*"))[: number + 1]:
                shutil.copytree(step, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            if number >= 3:  # the page says so
                shutil.copytree(service_folder("order_service") / "products_client", folder / "products_client")
        return folder

    def manage(self, number: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command of a release."""
        return subprocess.run(
            ["python", "manage.py", *arguments],  # noqa: S607 - the one on the PATH that it is given
            cwd=self.release(number),
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def deploy(self, number: int, *processes: Sequence[str]) -> None:
        """Replace the web processes, and what runs beside them, by those of another release."""
        self.stop()
        bind = ["--bind", f"{LOOPBACK}:{self._port}", "--threads", "4", "--workers", "1"]
        server = ["-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--no-control-socket"]
        web = self._part(number, "web", [*server, *bind])
        beside = [self._part(number, command[0], ["manage.py", *command]) for command in processes]
        self._processes = [web, *beside]
        for part in self._processes:
            part.start()

    def stop(self) -> None:
        for part in self._processes:
            part.stop()

    def close(self) -> None:
        self.stop()
        self.client.close()

    def place(self, *, owner: str, product_id: int, quantity: int = 1) -> httpx.Response:
        body = {"product_id": product_id, "quantity": quantity}
        return self.client.post("/orders/", json=body, headers={"X-Customer": owner})

    def change(self, order_id: int, verb: str, *, owner: str) -> httpx.Response:
        return self.client.post(f"/orders/{order_id}/{verb}/", headers={"X-Customer": owner})

    def list_orders(self, *, owner: str) -> dict[int, dict[str, Any]]:
        answer = self.client.get("/orders/", headers={"X-Customer": owner}).raise_for_status()
        return {row["id"]: row for row in answer.json()["results"]}

    def query(self, statement: str) -> str:
        """Run a statement in its database, and return the one value of its result."""
        command = [str(self._programs / "psql"), self.env["DATABASE_URL"], "--no-psqlrc", "-qAtc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def rows(self) -> Rows:
        products, orders = (
            {row["id"]: row for row in json.loads(self.query(statement))}
            for statement in (
                "SELECT json_agg(products_product) FROM products_product",
                "SELECT json_agg(orders_order) FROM orders_order",
            )
        )
        return Rows(products=products, orders=orders)

    def _part(self, number: int, name: str, arguments: Sequence[str]) -> Part:
        return Part(
            name=name,
            command=["python", *arguments],
            folder=self.release(number),
            environment={**self.env, "DJANGO_SETTINGS_MODULE": "shop.settings"},
            log=self._folder / f"{name}.log",
            guard=self._stack.assembly.guard,
            is_ready=self._answers if name == "web" else lambda: True,
        )

    def _answers(self) -> bool:
        try:
            return self.client.get("/orders/", headers={"X-Customer": "nobody"}).is_success
        except httpx.TransportError:
            return False


def _create_database(neighbour: str, *, programs: Path) -> str:
    """Create a database on the server of another one, by its administrator, and return its address."""
    ours = neighbour.replace("/order_service?", "/monolith?").replace("user=order_service", "user=postgres")
    subprocess.run(
        [programs / "psql", ours.replace("/monolith?", "/postgres?"), "-c", "CREATE DATABASE monolith"],
        check=True,
        capture_output=True,
    )
    return ours
