"""The audit command: its output and its exit codes."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from products_stand_in.api import FakeProductsApi
from tests.checks import agrees, reconcile, reserve
from tests.factories import OVERDUE, place, placing_order, read
from tests.failing_database import failing_at

pytestmark = pytest.mark.django_db


def run(*options: str) -> tuple[int, list[str]]:
    """Run the command; return its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("audit_reservations", *options, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture
def set_back(products: FakeProductsApi, lamp: int) -> Order:
    """An order whose reservation is at a later revision."""
    order = place(lamp)
    reserve(order, quantity=4, revision=6)
    return order


@pytest.fixture
def orphan(products: FakeProductsApi, lamp: int) -> None:
    reserve(product_id=lamp, quantity=3, revision=5)


def test_drift_is_printed_and_exits_1_and_without_repair_nothing_is_changed(
    products: FakeProductsApi, lamp: int, set_back: Order
) -> None:
    code, [line, summary] = run()
    reconcile()

    assert code == 1
    assert line.startswith(f"ahead: order {set_back.pk} (reservation {set_back.reservation_id})")
    assert summary == "1 drifts, 0 repaired"
    assert products.held(lamp) == 4


def test_r7_repaired_drift_exits_0_and_is_pushed_above_what_was_seen_until_none_is_left(
    products: FakeProductsApi, lamp: int, set_back: Order
) -> None:
    code, [line, summary] = run("--repair")
    reconcile()

    assert (code, summary) == (0, "1 drifts, 1 repaired")
    assert line.endswith("-> pushed again")
    assert read(set_back).revision == 7
    assert agrees(products, lamp)
    assert run() == (0, ["no drift"])


def test_promised_orders_are_confirmed_only_with_the_option(products: FakeProductsApi, lamp: int) -> None:
    order = placing_order(lamp, age=OVERDUE)
    reserve(order)

    assert run("--repair")[0] == 1
    code, [line, _] = run("--confirm")

    assert code == 0
    assert line.endswith("-> confirmed")
    assert run() == (0, ["no drift"])


@pytest.mark.usefixtures("set_back", "orphan")
def test_drift_that_is_not_repaired_exits_1(products: FakeProductsApi) -> None:
    code, lines = run("--repair")

    assert code == 1
    assert lines[-1] == "2 drifts, 1 repaired"


@pytest.mark.usefixtures("orphan")
def test_orphans_are_released_only_with_the_option(products: FakeProductsApi, lamp: int) -> None:
    assert run("--repair")[0] == 1
    assert products.stock(lamp) == 7

    code, [line, _] = run("--release-orphans")

    assert code == 0
    assert line.endswith("-> released")
    assert products.stock(lamp) == 10
    assert run() == (0, ["no drift"])


@pytest.mark.parametrize("fails", ["product_service", "the database"])
def test_an_audit_that_breaks_off_exits_2(products: FakeProductsApi, lamp: int, fails: str) -> None:
    place(lamp)
    products.unreachable = fails == "product_service"

    failing = failing_at("SELECT") if fails == "the database" else nullcontext()
    with failing, pytest.raises(CommandError, match="The audit broke off") as raised:
        run()

    assert raised.value.returncode == 2
