"""Order placements are counted by outcome, under the problem types of the API, and groups by their size."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from pytest_django import Settings

from orders import batcher, errors, metrics, services
from orders.batcher import PlacementBatcher
from orders.bulkhead import Bulkhead
from orders.drafts import Answer, Draft, Placed
from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.rest.problem_types import domain_kinds
from service_kit.testing.counting import Counting
from tests.commits import wait_until
from tests.factories import UNKNOWN_PRODUCT, draft, place, placing_order
from tests.failing_database import failing_at

pytestmark = pytest.mark.django_db

PLACINGS = "orders_placings_total"


def test_every_outcome_is_counted_by_its_name(products: FakeProductsApi, lamp: int, settings: Settings) -> None:
    placing_order(lamp, idempotency_key="young")
    counting = Counting()

    for _ in range(2):
        place(lamp, key="k")
    for error, product_id, quantity, key in [
        (errors.IdempotencyKeyReused, lamp, 3, "k"),
        (errors.InsufficientStock, lamp, 11, None),
        (errors.ProductNotFound, UNKNOWN_PRODUCT, 2, None),
        (errors.IdempotencyInProgress, lamp, 2, "young"),
    ]:
        with pytest.raises(error):
            place(product_id, quantity, key=key)
    products.unreachable = True
    for limit, error in ((1, errors.TooManyOpenOrders), (0, errors.OrderNotPlaced)):
        settings.ORDERS_OPEN_PER_OWNER_MAX = limit
        with pytest.raises(error):
            place(lamp)

    refused = {"idempotency-key-reused", "too-many-open-orders", "insufficient-stock", "product-not-found"}
    others = {"placed", "replayed", "idempotency-in-progress", "order-not-placed"}
    assert counting.of(PLACINGS) == dict.fromkeys(refused | others, 1)


def test_an_unknown_outcome_is_counted_as_one(lamp: int) -> None:
    counting = Counting()

    with failing_at("INSERT INTO orders_order", error=OperationalError), pytest.raises(errors.OutcomeUnknown):
        place(lamp)

    assert counting.of(PLACINGS) == {"outcome-unknown": 1}


def fail(_: Sequence[Draft]) -> list[Answer]:
    raise ValueError("the test's")


def fail_each(drafts: Sequence[Draft]) -> list[Answer]:
    return [ValueError("the test's") for _ in drafts]


@pytest.mark.parametrize("place_group", [fail, fail_each], ids=["of a group as a whole", "of one order"])
def test_an_unexpected_error_is_counted_as_an_internal_error_and_raised(
    place_group: Callable[[Sequence[Draft]], list[Answer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batcher, "place_group", place_group)
    counting = Counting()

    with pytest.raises(ValueError, match="the test's"):
        PlacementBatcher().place(draft(1))

    assert counting.of(PLACINGS) == {"internal-error": 1}


def test_a_request_that_waits_no_longer_is_counted_by_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    counting, queue = Counting(), PlacementBatcher()

    def place_group(drafts: Sequence[Draft]) -> list[Answer]:
        # The first group ends when two more wait; the second one, when its follower has given up.
        if len(drafts) == 1:
            wait_until(lambda: queue._groups.waiting() == 2)  # noqa: SLF001 - there is no other sign
        else:
            wait_until(lambda: "outcome-unknown" in counting.of(PLACINGS))
        return [Placed(Order())] * len(drafts)

    monkeypatch.setattr(batcher, "place_group", place_group)
    monkeypatch.setattr(batcher, "COMPLETION_TIMEOUT", 0.0)

    with ThreadPoolExecutor(3) as pool:
        requests = [pool.submit(queue.place, draft(1)) for _ in range(3)]

    assert [type(request.exception()) for request in requests].count(errors.OutcomeUnknown) == 1
    assert counting.of(PLACINGS) == {"placed": 2, "outcome-unknown": 1}


def test_the_sizes_of_groups_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batcher, "place_group", fail_each)
    counting = Counting()

    for size in (1, 1, 32):
        PlacementBatcher().place_group([draft(1)] * size)

    assert counting.of("orders_group_size_count") == {"": 3}
    assert counting.of("orders_group_size_sum") == {"": 34}
    assert counting.of("orders_group_size_bucket", le="1.0") == {"": 2}
    assert counting.of("orders_group_size_bucket", le="32.0") == {"": 3}


def test_a_request_that_finds_no_free_slot_is_counted(lamp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "bulkhead", Bulkhead(1, share=1))
    counting = Counting()

    with services.bulkhead.slot("another"), pytest.raises(errors.Overloaded):
        place(lamp)

    assert counting.of("orders_turned_away_total") == {"bulkhead": 1}
    assert counting.of(PLACINGS) == {}


def test_a_request_that_no_group_takes_is_counted(lamp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave_waiting(_: Sequence[Draft]) -> list[Answer]:
        with pytest.raises(errors.Overloaded):
            place(lamp)
        return [errors.OrderNotPlaced()]

    monkeypatch.setattr(batcher, "place_group", leave_waiting)
    monkeypatch.setattr(batcher, "QUEUE_TIMEOUT", 0.001)
    counting = Counting()

    with pytest.raises(errors.OrderNotPlaced):
        place(lamp)

    assert counting.of("orders_turned_away_total") == {"group": 1}


def test_outcomes_have_the_names_of_the_problem_types() -> None:
    assert {kind: domain_kinds()[kind].slug for kind in metrics.OUTCOMES} == metrics.OUTCOMES
