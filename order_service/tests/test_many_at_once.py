"""Concurrent requests on their own connections to PostgreSQL."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from orders import batcher, services
from orders.batcher import PlacementBatcher
from orders.bulkhead import Bulkhead
from orders.drafts import Draft, Placed
from orders.errors import OrdersError
from orders.events import BY_SYSTEM
from orders.models import Order
from orders.placement import place_group
from orders.reconciler import reconcile_once
from orders.states import Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.threads import at_once
from tests.checks import agrees, reconcile, requested
from tests.factories import CUSTOMER, DUE, draft, increasing_order, place, placing_order, read, stuck_order

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql("SQLite in memory is one connection; its writers wait for each other"),
]


@pytest.fixture(autouse=True)
def _room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "bulkhead", Bulkhead(64, share=64))
    monkeypatch.setattr(batcher, "QUEUE_TIMEOUT", 10.0)


def outcome(job: Callable[..., Any], *given: Any, **named: Any) -> str:
    try:
        job(*given, **named)
    except OrdersError as error:
        return type(error).__name__
    return "done"


def change(order: Order, **changes: Any) -> Order:
    return services.change_order(order_id=order.pk, owner=None, cause=BY_SYSTEM, **changes)


def buy(product_id: int, *, key: str | None = None) -> str:
    return outcome(services.place_order, owner=CUSTOMER, product_id=product_id, quantity=1, idempotency_key=key)


def test_32_buyers_of_one_unit_make_one_order_in_each_of_20_rounds(products: FakeProductsApi) -> None:
    rounds = [products.add_product(stock=1) for _ in range(20)]

    outcomes = [Counter(at_once([partial(buy, one)] * 32)) for one in rounds]

    assert outcomes == [{"done": 1, "InsufficientStock": 31}] * 20
    assert Order.objects.live().count() == 20
    assert all(agrees(products, one, adjusted=1) for one in rounds)


def test_concurrent_orders_are_placed_together(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    products.on_request = lambda _: time.sleep(0.05)

    assert Counter(at_once([lambda: buy(lamp)] * 32)) == {"done": 32}

    assert len(products.requests) < 8
    assert agrees(products, lamp, adjusted=1_000)


@pytest.mark.parametrize("processes", [1, 16])
def test_16_requests_with_one_key_make_one_order(
    products: FakeProductsApi, lamp: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if processes > 1:  # nothing but the database is shared
        monkeypatch.setattr(services, "batcher", Ungrouped())

    outcomes = Counter(at_once([lambda: buy(lamp, key="k")] * 16))

    assert outcomes["done"] >= 1
    assert set(outcomes) <= {"done", "IdempotencyInProgress"}
    assert Order.objects.count() == 1
    assert products.stock(lamp) == 9
    assert buy(lamp, key="k") == "done"
    assert Order.objects.count() == 1


class Ungrouped(PlacementBatcher):
    """Places each order in a group of its own, as if each request had come to another process."""

    def place(self, draft: Draft) -> Placed:
        return PlacementBatcher(largest=1).place(draft)


def test_8_drivers_of_one_stuck_order_place_it_once(products: FakeProductsApi, lamp: int) -> None:
    stuck = stuck_order(lamp, key="k", quantity=1)

    answers = at_once([lambda: place_group([draft(lamp, idempotency_key="k")])[0]] * 8)

    assert {answer.order.pk for answer in answers if isinstance(answer, Placed)} == {stuck.pk}
    assert len(answers) == 8
    assert all(isinstance(answer, Placed) for answer in answers)
    assert agrees(products, lamp)


def test_groups_that_share_keys_in_another_order_do_not_deadlock(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    keys = [f"key {number}" for number in range(40)]

    def group(seed: int) -> list[str]:
        shuffled = random.Random(seed).sample(keys, 30)
        return [type(answer).__name__ for answer in place_group([draft(lamp, idempotency_key=key) for key in shuffled])]

    kinds = Counter(kind for answers in at_once([partial(group, seed) for seed in range(8)]) for kind in answers)

    assert set(kinds) <= {"Placed", "IdempotencyInProgress"}
    assert Order.objects.values("idempotency_key").distinct().count() == Order.objects.count()
    assert agrees(products, lamp, adjusted=1_000)


def test_instances_of_the_reconciler_share_the_work_and_push_nothing_twice(
    products: FakeProductsApi, lamp: int
) -> None:
    for _ in range(350):
        placing_order(lamp, age=DUE)

    # It stands still, or on a slow machine a lease might end before its step does.
    now = timezone.now() + timedelta(minutes=5)

    taken = at_once([lambda: sum(iter(lambda: reconcile_once(now=now), 0))] * 4)

    assert sum(taken) == 350
    assert requested(products) == [(0, 2)] * 350
    assert agrees(products, lamp)


def test_of_concurrent_shipments_and_cancels_one_kind_wins(products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    at_once([partial(outcome, change, order, status=status) for status in (Status.SHIPPED, Status.CANCELED)] * 8)

    assert read(order).status in {Status.SHIPPED, Status.CANCELED}
    assert read(order).revision == (2 if read(order).status == Status.CANCELED else 1)
    reconcile()
    assert agrees(products, lamp)


def test_after_many_concurrent_changes_both_services_agree(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    order = place(lamp, 50)

    def resize(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(5):
            outcome(change, order, quantity=chance.randint(1, 99))
            reconcile()

    at_once([partial(resize, seed) for seed in range(8)])

    reconcile()
    assert read(order).target_quantity is None
    assert agrees(products, lamp, adjusted=1_000)


def test_a_cancel_beside_increases_ends_with_nothing_held(products: FakeProductsApi) -> None:
    lamp = products.add_product(stock=1_000)
    orders = [place(lamp) for _ in range(8)]
    changes: list[dict[str, Any]] = [{"quantity": 5}, {"status": Status.CANCELED}]

    outcomes = at_once([partial(outcome, change, order, **changed) for order in orders for changed in changes])

    assert outcomes[1::2] == ["done"] * 8
    reconcile()
    assert products.held(lamp) == 0
    assert agrees(products, lamp, adjusted=1_000)


def test_the_reconciler_beside_a_cancel_of_a_dead_increase(products: FakeProductsApi, lamp: int) -> None:
    order = increasing_order(lamp, age=DUE)

    jobs: list[Callable[[], object]] = [partial(change, order, status=Status.CANCELED), reconcile_once]
    at_once([partial(outcome, job) for job in jobs])

    reconcile()
    assert read(order).status == Status.CANCELED
    assert agrees(products, lamp)
