"""A debugger attaches to a service, stops in a view while a client waits, and reads what is there."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from driver.programs import lacking
from driver.shop import Actor, Shop, unique
from operations.debug_adapter import DebugAdapter
from stack.places import service_folder
from stack.ports import free_ports
from stack.stack import Stack

LONGEST_STOP = 120.0  # seconds: a customer who waits for a developer
VIEWS = service_folder("order_service") / "orders" / "views.py"


@pytest.fixture
def debugged() -> Iterator[Stack]:
    """A shop to whose services a debugger can attach, and which reloads, as `make run DEBUG_PORTS=yes` has it."""
    if not list((service_folder("order_service") / ".venv").glob("lib/*/site-packages/debugpy")):
        lacking("debugpy is not installed in order_service/.venv (make setup)")
    gateway = {"gateway": {"GATEWAY_READ_TIMEOUT": "1h"}}
    with Stack(development=True, debug_ports=free_ports(3), env=gateway) as running:
        yield running


@pytest.fixture
def customer(debugged: Stack) -> Iterator[Actor]:
    shop = Shop(public_url=debugged.public_url, internal_url=debugged.internal_url, keys=debugged.keys)
    actor = shop.actor("customer", unique("customer"))
    actor.client.timeout = LONGEST_STOP
    yield actor
    shop.close()


def line_of(code: str) -> int:
    """The number of the first line of the views that has this in it."""
    return next(number for number, line in enumerate(VIEWS.read_text().splitlines(), 1) if re.search(code, line))


@pytest.mark.since("order_service", "0.2.0")
def test_it_stops_where_an_order_is_placed_and_reads_a_variable(debugged: Stack, customer: Actor) -> None:
    debugged.product_service.run("load_sample_catalogue")
    with DebugAdapter(debugged.assembly.debuggers["order_service"]) as debugger, ThreadPoolExecutor() as elsewhere:
        debugger.break_at(VIEWS, line_of(r"services\.place_order\("))

        placing = elsewhere.submit(customer.place_order, product_id=1, quantity=2)
        stopped = debugger.wait_for("stopped")
        variables = debugger.local_variables(stopped["threadId"])
        debugger.go_on(VIEWS, stopped["threadId"])

        assert stopped["reason"] == "breakpoint"
        assert "Request" in variables["request"]
        assert placing.result().status_code == 201


def test_without_the_ports_no_debugger_is_loaded(stack: Stack) -> None:
    environment = stack.part("order_service").environment

    assert "DEBUGPY" not in environment
    assert stack.assembly.debuggers == {}
