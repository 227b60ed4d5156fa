"""Who may do what over HTTP. A refused request gets its problem, and changes nothing."""

from typing import Any

import pytest

from inventory.models import Reservation, StockAdjustment
from products.models import Product
from service_kit.testing.problems import assert_problem
from tests.world import BALANCES, PRODUCTS, RESERVATIONS, add_product, address, ledger, settle, want

pytestmark = pytest.mark.django_db

CLERKS, THE_ORDER_SERVICES = {"clerk"}, {"order_service"}
ADJUSTMENT = {"delta": 1, "reason": "counted"}


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Product, StockAdjustment, Reservation)]


@pytest.mark.parametrize("who", ["nobody", "customer", "clerk", "order_service"])
@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        pytest.param("post", PRODUCTS, {"name": "Desk lamp", "price": "39.90"}, CLERKS, id="create"),
        pytest.param("patch", "{product}", {"name": "Floor lamp"}, CLERKS, id="edit"),
        pytest.param("delete", "{product}", None, CLERKS, id="withdraw"),
        pytest.param("get", "{ledger}", None, CLERKS, id="read the ledger"),
        pytest.param("post", "{ledger}", ADJUSTMENT, CLERKS, id="adjust stock"),
        pytest.param("get", "{reservation}", None, THE_ORDER_SERVICES, id="read a reservation"),
        pytest.param("get", RESERVATIONS, None, THE_ORDER_SERVICES, id="list reservations"),
        pytest.param("post", RESERVATIONS, {"reservations": []}, THE_ORDER_SERVICES, id="settle reservations"),
        pytest.param("get", BALANCES, None, THE_ORDER_SERVICES, id="read the balances"),
    ],
)
def test_only_who_may_is_let_in(
    method: str, path: str, body: Any, allowed: set[str], who: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    lamp = add_product(stock=5)
    hold = want(lamp, 2)
    settle(hold)
    before = rows()
    where = path.format(product=address(lamp), ledger=ledger(lamp), reservation=f"{RESERVATIONS}{hold.id}/")

    response = getattr(client, method)(where, body)

    if who in allowed:
        assert response.status_code not in {401, 403}
    elif who == "nobody":
        assert_problem(response, status=401, slug="not-authenticated")
        assert rows() == before
    else:
        assert_problem(response, status=403, slug="permission-denied")
        assert rows() == before
