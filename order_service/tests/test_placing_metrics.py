"""Placings are counted by outcome, under the names that clients are told, and groups by their size."""

from collections.abc import Sequence

import pytest
from django.db import OperationalError

from orders import errors, metrics, services
from orders.bulkhead import Bulkhead
from orders.group_commit import GroupCommit
from orders.placing import Draft, Placed
from service_kit.rest.problem_types import domain_kinds
from service_kit.testing.counting import Counting
from tests.failing_database import failing_at
from tests.fake_products_api import FakeProductsApi
from tests.world import UNKNOWN_PRODUCT, place, unfinished_order

pytestmark = pytest.mark.django_db

PLACINGS = "orders_placings_total"


def test_every_outcome_is_counted_by_its_name(products: FakeProductsApi, lamp: int) -> None:
    counting = Counting()

    place(lamp, key="k")
    place(lamp, key="k")
    with pytest.raises(errors.IdempotencyKeyReused):
        place(lamp, 3, key="k")
    with pytest.raises(errors.InsufficientStock):
        place(lamp, 11)
    with pytest.raises(errors.ProductNotFound):
        place(UNKNOWN_PRODUCT)
    unfinished_order(lamp, idempotency_key="young")
    with pytest.raises(errors.IdempotencyInProgress):
        place(lamp, key="young")
    products.unreachable = True
    with pytest.raises(errors.OrderNotPlaced):
        place(lamp)

    assert counting.of(PLACINGS) == {
        "placed": 1,
        "replayed": 1,
        "idempotency-key-reused": 1,
        "insufficient-stock": 1,
        "product-not-found": 1,
        "idempotency-in-progress": 1,
        "order-not-placed": 1,
    }


@pytest.mark.usefixtures("products")
def test_a_placing_whose_outcome_nobody_knows_is_counted_as_that(lamp: int) -> None:
    counting = Counting()

    with failing_at("INSERT INTO orders_order", error=OperationalError), pytest.raises(errors.OutcomeUnknown):
        place(lamp)

    assert counting.of(PLACINGS) == {"outcome-unknown": 1}


def test_a_group_that_fails_altogether_is_counted_and_raised() -> None:
    def fail(_: Sequence[int]) -> list[Placed | Exception]:
        raise RuntimeError("the test wants this to fail")

    counting = Counting()

    with pytest.raises(RuntimeError, match="wants"):
        metrics.counted(fail)([1, 2, 3])

    assert counting.of(PLACINGS) == {"internal-error": 3}


def test_an_error_that_nobody_expected_is_counted_as_one() -> None:
    def refuse(group: Sequence[int]) -> list[Placed | Exception]:
        return [ValueError("the test's") for _ in group]

    counting = Counting()

    metrics.counted(refuse)([1])

    assert counting.of(PLACINGS) == {"internal-error": 1}


def test_the_sizes_of_groups_are_counted() -> None:
    def refuse(group: Sequence[int]) -> list[Placed | Exception]:
        return [errors.OrderNotPlaced() for _ in group]

    counting = Counting()

    for size in (1, 1, 32):
        metrics.counted(refuse)(range(size))

    assert counting.of("orders_group_size_count") == {"": 3}
    assert counting.of("orders_group_size_sum") == {"": 34}
    assert counting.of("orders_group_size_bucket", le="1.0") == {"": 2}
    assert counting.of("orders_group_size_bucket", le="32.0") == {"": 3}


@pytest.mark.usefixtures("products")
def test_who_finds_no_place_is_counted(lamp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "bulkhead", Bulkhead(1))
    counting = Counting()

    with services.bulkhead, pytest.raises(errors.Overloaded):
        place(lamp)

    assert counting.of("orders_turned_away_total") == {"bulkhead": 1}
    assert counting.of(PLACINGS) == {}


@pytest.mark.usefixtures("products")
def test_whom_no_group_takes_is_counted(lamp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave_waiting(_: Sequence[Draft]) -> list[Placed | Exception]:
        with pytest.raises(errors.Overloaded):
            place(lamp)
        return [errors.OrderNotPlaced()]

    monkeypatch.setattr(services, "placings", GroupCommit(leave_waiting, largest=1))
    monkeypatch.setattr(services, "PATIENCE", 0.001)
    counting = Counting()

    with pytest.raises(errors.OrderNotPlaced):
        place(lamp)

    assert counting.of("orders_turned_away_total") == {"group": 1}


def test_outcomes_have_the_names_of_the_problems_that_clients_are_told() -> None:
    assert {kind: domain_kinds()[kind].slug for kind in metrics.OUTCOMES} == metrics.OUTCOMES
