"""Log lines about unknown outcomes: an error if a person must act, a warning if the system copes."""

from collections.abc import Callable

import pytest

from orders import services
from orders.errors import TryAgain
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.log_lines import LogLines, about
from tests.checks import reconcile
from tests.factories import order_in, place

pytestmark = pytest.mark.django_db


def place_one(order: Order) -> None:
    with pytest.raises(TryAgain):
        place(order.product_id)


def increase(order: Order) -> None:
    with pytest.raises(TryAgain):
        services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, quantity=5)


def push(order: Order) -> None:
    services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, status=Status.CANCELED)
    reconcile()


def unknown_outcomes(logged: LogLines) -> list[tuple[str, int | None]]:
    """Return the level and the status of each line about an unknown outcome."""
    return [(line["level"], line["status"]) for line in about("outcome unknown", logged)]


@pytest.mark.parametrize("call", [place_one, increase, push])
@pytest.mark.parametrize(
    ("level", "status"),
    [
        *(("error", status) for status in (400, 401, 403, 404, 422)),
        *(("warning", status) for status in (200, 500, 503, None)),
    ],
)
def test_a_rejected_request_is_logged_as_an_error_and_an_outage_as_a_warning(
    products: FakeProductsApi,
    lamp: int,
    logged: LogLines,
    call: Callable[[Order], None],
    level: str,
    status: int | None,
) -> None:
    order = order_in(Status.PENDING, lamp)
    products.unreachable = status is None
    if status is not None:
        products.answer_with(status)

    call(order)

    assert unknown_outcomes(logged) == [(level, status)]
