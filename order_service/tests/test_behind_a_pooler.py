"""Orders behind PgBouncer in transaction mode, where each transaction may get another connection to the server."""

from collections import Counter
from collections.abc import Iterator

import pytest

from orders import audit, services
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.pgbouncer import behind_pgbouncer
from service_kit.testing.threads import at_once
from tests.checks import agrees, reconcile
from tests.factories import CUSTOMER, live_order, order_in, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql("SQLite has no pooler")]


@pytest.fixture(autouse=True)
def _pooler(transactional_db: None) -> Iterator[None]:
    with behind_pgbouncer():
        yield


def test_orders_are_placed_together_changed_and_canceled(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)

    def order() -> str:
        placed = services.place_order(owner=CUSTOMER, product_id=lamp, quantity=1).order
        services.change_order(order_id=placed.pk, owner=CUSTOMER, cause=BY_SYSTEM, quantity=3)
        return services.change_order(order_id=placed.pk, owner=CUSTOMER, cause=BY_SYSTEM, status=Status.CANCELED).status

    statuses = Counter(at_once([order] * 12))
    reconcile()

    assert statuses == {"canceled": 12}
    assert agrees(products, lamp, adjusted=1_000)


def test_a_repeated_key_is_answered_from_the_row(products: FakeProductsApi, lamp: int) -> None:
    assert place(lamp, key="k") == place(lamp, key="k")


def test_an_audit_that_others_interrupt_reads_every_order(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    lost = {live_order(product_id=lamp).pk for _ in range(7)}
    order_in(Status.SHIPPED, lamp)

    found = set()
    for drift in audit.find_drift():
        at_once([Order.objects.count] * 4)
        found.add(drift.order and drift.order.pk)

    assert found == lost
