"""The programs of docs/examples, run as their readers run them, against a shop that fails in between."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import pytest

from driver.shop import Person, Shop, unique
from stack.environment import plain_environment
from stack.places import REPOSITORY, service_folder
from stack.stack import Stack

EXAMPLES = REPOSITORY / "docs" / "examples"
PYTHON = REPOSITORY / "order_service" / ".venv" / "bin" / "python"
PATIENCE = 40.0  # seconds


@pytest.fixture
def lamp(clerk: Person) -> int:
    """Ten lamps, by the id of the product."""
    return int(clerk.create_product(name=unique("Lamp"), price="39.90", stock_quantity=10).json()["id"])


@contextmanager
def running(
    program: str, arguments: Sequence[object], *, shop: Shop, token: str | None
) -> Iterator[subprocess.Popen[str]]:
    """Start an example; it is gone when this ends."""
    started = subprocess.Popen(
        [PYTHON, EXAMPLES / f"{program}.py", *map(str, arguments)],
        env={
            **plain_environment(),
            "SHOP": shop.public_url,
            "TOKEN": token or "",
            "PYTHONPATH": str(service_folder("order_service")),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        try:
            yield started
        finally:
            started.kill()


def place(shop: Shop, customer: Person, *arguments: object) -> tuple[int, str, str]:
    """Run place_order to its end. Return its status and what it printed."""
    with running("place_order", arguments, shop=shop, token=customer.token) as started:
        told, complained = started.communicate(timeout=PATIENCE)
    return started.returncode, told, complained


def wait_for_a_retry(started: subprocess.Popen[str]) -> str:
    """Return once the example says that it tries again, with what it says."""
    assert started.stderr is not None
    return started.stderr.readline()


def test_an_order_is_placed_and_its_repetition_finds_the_same_order(shop: Shop, customer: Person, lamp: int) -> None:
    key = str(uuid4())

    first, again = place(shop, customer, lamp, 2, "--key", key), place(shop, customer, lamp, 2, "--key", key)

    (order,) = customer.list_orders().json()["results"]
    assert first[0] == again[0] == 0
    assert first[1].startswith(f"Order {order['id']}: 2 x Lamp ")
    assert first[1].endswith(", 79.80 in all\n")
    assert again[1] == f"{first[1].rstrip()} (placed before)\n"


def test_a_refusal_is_final(shop: Shop, customer: Person, lamp: int) -> None:
    status, told, complained = place(shop, customer, lamp, 11)

    assert (status, told) == (1, "")
    assert "too little stock" in complained
    assert "(/problems/insufficient-stock)" in complained
    assert "again in" not in complained


def test_while_the_gateway_is_away_it_tries_on_until_it_is_back(
    stack: Stack, shop: Shop, customer: Person, lamp: int
) -> None:
    stack.part("gateway").stop()
    try:
        with running("place_order", [lamp, 2], shop=shop, token=customer.token) as started:
            complained = wait_for_a_retry(started)
            stack.part("gateway").start()
            told, _ = started.communicate(timeout=PATIENCE)
    finally:
        if not stack.part("gateway").is_alive():
            stack.part("gateway").start()

    assert "Connection refused" in complained
    assert told.startswith("Order ")
    assert [order["quantity"] for order in customer.list_orders().json()["results"]] == [2]


def test_while_product_service_hangs_it_tries_on_and_places_one_order(
    stack: Stack, shop: Shop, customer: Person, lamp: int
) -> None:
    stack.part("product_service").freeze()
    try:
        with running("place_order", [lamp, 2], shop=shop, token=customer.token) as started:
            complained = wait_for_a_retry(started)
            stack.part("product_service").thaw()
            told, _ = started.communicate(timeout=PATIENCE)
    finally:
        stack.part("product_service").thaw()

    assert "HTTP 503" in complained
    assert told.startswith("Order ")
    assert [order["quantity"] for order in customer.list_orders().json()["results"]] == [2]


def test_products_are_found_with_the_typed_client(shop: Shop, customer: Person, clerk: Person) -> None:
    name = unique("Chandelier")
    product = clerk.create_product(name=name, price="1299.00", stock_quantity=3).json()

    with running("find_products", [name.upper()], shop=shop, token=customer.token) as started:
        told, complained = started.communicate(timeout=PATIENCE)

    assert complained == ""
    assert told.split() == [str(product["id"]), "1299.00", "3", "left", *name.split()]
