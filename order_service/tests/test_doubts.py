"""What is logged of a call without a usable answer: whether a person must act, or the system copes."""

from collections.abc import Callable

import pytest

from orders import services
from orders.errors import TryAgain
from orders.models import Order
from orders.states import Status
from service_kit.testing.log_lines import LogLines, about
from tests.fake_products_api import FakeProductsApi
from tests.world import order_in, place, reconcile

pytestmark = pytest.mark.django_db


def placing(order: Order) -> None:
    with pytest.raises(TryAgain):
        place(order.product_id)


def increasing(order: Order) -> None:
    with pytest.raises(TryAgain):
        services.change_order(order_id=order.pk, owner=None, quantity=5)


def pushing(order: Order) -> None:
    services.change_order(order_id=order.pk, owner=None, status=Status.CANCELED)
    reconcile()


def doubts(logged: LogLines) -> list[tuple[str, int | None]]:
    """Tell the level and the status of each line about an unknown outcome."""
    return [(line["level"], line["status"]) for line in about("outcome unknown", logged)]


@pytest.mark.parametrize("call", [placing, increasing, pushing])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_of_our_request_calls_for_a_person(
    products: FakeProductsApi, lamp: int, logged: LogLines, call: Callable[[Order], None], status: int
) -> None:
    order = order_in(Status.PENDING, lamp)
    products.answer_with(status)

    call(order)

    assert doubts(logged) == [("error", status)]


@pytest.mark.parametrize("call", [placing, increasing, pushing])
@pytest.mark.parametrize("status", [200, 500, 503, None])
def test_an_outage_is_only_noted(
    products: FakeProductsApi,
    lamp: int,
    logged: LogLines,
    call: Callable[[Order], None],
    status: int | None,
) -> None:
    order = order_in(Status.PENDING, lamp)
    if status is None:
        products.unreachable = True
    else:
        products.answer_with(status)

    call(order)

    assert doubts(logged) == [("warning", status)]
