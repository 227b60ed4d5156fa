"""The programs of docs/examples, run as their readers run them, against a shop that fails in between."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import pytest

from driver.shop import Actor, Shop, unique
from stack.environment import plain_environment
from stack.places import REPOSITORY
from stack.stack import Stack

EXAMPLES = REPOSITORY / "docs" / "examples"
PYTHON = REPOSITORY / "order_service" / ".venv" / "bin" / "python"
TIMEOUT = 40.0  # seconds


@pytest.fixture
def lamp(clerk: Actor) -> int:
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
            "PYTHONPATH": str(REPOSITORY / "order_service"),
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


def place(shop: Shop, customer: Actor, *arguments: object) -> tuple[int, str, str]:
    """Run place_order to its end. Return its status and what it printed."""
    with running("place_order", arguments, shop=shop, token=customer.token) as started:
        output, errors = started.communicate(timeout=TIMEOUT)
    return started.returncode, output, errors


def wait_for_a_retry(started: subprocess.Popen[str]) -> str:
    """Wait until the example prints that it tries again. Return that line."""
    assert started.stderr is not None
    return started.stderr.readline()


def test_an_order_is_placed_and_its_repetition_finds_the_same_order(shop: Shop, customer: Actor, lamp: int) -> None:
    key = str(uuid4())

    first, again = place(shop, customer, lamp, 2, "--key", key), place(shop, customer, lamp, 2, "--key", key)

    (order,) = customer.list_orders().json()["results"]
    assert first[0] == again[0] == 0
    assert first[1].startswith(f"Order {order['id']}: 2 x Lamp ")
    assert first[1].endswith(", 79.80 in all\n")
    assert again[1] == f"{first[1].rstrip()} (placed before)\n"


def test_a_refusal_is_final(shop: Shop, customer: Actor, lamp: int) -> None:
    status, output, errors = place(shop, customer, lamp, 11)

    assert (status, output) == (1, "")
    assert "too little stock" in errors
    assert "(/problems/insufficient-stock)" in errors
    assert "again in" not in errors


def test_while_the_gateway_is_down_the_example_repeats_its_request(
    stack: Stack, shop: Shop, customer: Actor, lamp: int
) -> None:
    stack.part("gateway").stop()
    try:
        with running("place_order", [lamp, 2], shop=shop, token=customer.token) as started:
            errors = wait_for_a_retry(started)
            stack.part("gateway").start()
            output, _ = started.communicate(timeout=TIMEOUT)
    finally:
        if not stack.part("gateway").is_alive():
            stack.part("gateway").start()

    assert "Connection refused" in errors
    assert output.startswith("Order ")
    assert [order["quantity"] for order in customer.list_orders().json()["results"]] == [2]


def test_while_product_service_hangs_the_example_repeats_its_request_and_places_one_order(
    stack: Stack, shop: Shop, customer: Actor, lamp: int
) -> None:
    stack.part("product_service").freeze()
    try:
        with running("place_order", [lamp, 2], shop=shop, token=customer.token) as started:
            errors = wait_for_a_retry(started)
            stack.part("product_service").thaw()
            output, _ = started.communicate(timeout=TIMEOUT)
    finally:
        stack.part("product_service").thaw()

    assert "HTTP 503" in errors
    assert output.startswith("Order ")
    assert [order["quantity"] for order in customer.list_orders().json()["results"]] == [2]


def test_products_are_found_with_the_typed_client(shop: Shop, customer: Actor, clerk: Actor) -> None:
    name = unique("Chandelier")
    product = clerk.create_product(name=name, price="1299.00", stock_quantity=3).json()

    with running("find_products", [name.upper()], shop=shop, token=customer.token) as started:
        output, errors = started.communicate(timeout=TIMEOUT)

    assert errors == ""
    assert output.split() == [str(product["id"]), "1299.00", "3", "left", *name.split()]
