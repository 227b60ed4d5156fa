"""A third service in a bare `docker compose up`: reached through the gateway, and following the orders."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from containers.clone import SOON, Clone, clone_to
from driver.shop import Actor
from driver.waiting import eventually
from stack.places import REPOSITORY
from support.problems import assert_problem

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif("E2E_DEVELOPMENT" not in os.environ, reason="`make test-development` runs it"),
]


def write_service(clone: Clone) -> None:
    """Do what `make service` does, with the virtual environment of this repository."""
    environment = clone.folder / "order_service" / ".venv"
    environment.symlink_to(REPOSITORY / "order_service" / ".venv")
    command = [sys.executable, "-m", "commands", "service", "--name", "shipping", "--follows", "orders"]
    subprocess.run(command, cwd=clone.folder / "local", check=True)
    environment.unlink()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    cloned = clone_to(tmp_path_factory.mktemp("clone"))
    write_service(cloned)
    try:
        cloned.compose("up", "--detach", "--wait")
        yield cloned
    finally:
        cloned.compose("down", "--volumes")
    assert cloned.left() == []


@pytest.fixture(scope="module")
def client(clone: Clone) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=clone.url(""), timeout=SOON, trust_env=False) as client:
        yield client


def actor(clone: Clone, client: httpx.Client, subject: str) -> Actor:
    return Actor(client, subject, clone.compose("run", "--rm", "token", "--subject", subject))


@pytest.fixture(scope="module")
def alice(clone: Clone, client: httpx.Client) -> Actor:
    return actor(clone, client, "alice")


@pytest.fixture(scope="module")
def order_id(alice: Actor) -> int:
    product_id = alice.list_products().json()["results"][0]["id"]
    return int(alice.place_order(product_id=product_id, quantity=2, key=str(uuid4())).json()["id"])


def test_who_placed_an_order_sees_it_and_nobody_else_does(
    clone: Clone, client: httpx.Client, alice: Actor, order_id: int
) -> None:
    path = f"/api/v1/shipping/{order_id}/"

    seen = alice.request("GET", path)

    assert (seen.status_code, seen.json()["order_id"]) == (200, order_id)
    assert_problem(actor(clone, client, "mallory").request("GET", path), "not-found", 404)
    assert_problem(client.get(path), "not-authenticated", 401)


def test_a_process_of_its_own_follows_the_orders(clone: Clone, order_id: int) -> None:
    line = re.compile(rf"order changed.*order_id={order_id}\b")

    eventually(lambda: clone.compose("logs", "shipping_follower"), lambda log: bool(line.search(log)), within=SOON)


def test_without_order_service_it_answers_with_its_own_problem(clone: Clone, alice: Actor, order_id: int) -> None:
    path = f"/api/v1/shipping/{order_id}/"
    clone.compose("stop", "order_service")

    refused = alice.request("GET", path)
    page = alice.client.get("/problems/orders-unavailable")
    clone.compose("start", "order_service")

    assert_problem(refused, "orders-unavailable", 503)
    assert page.status_code == 200
    eventually(lambda: alice.request("GET", path).status_code, lambda status: status == 200, within=SOON)
