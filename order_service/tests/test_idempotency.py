"""Idempotency: a repeated request gets the order of the first one, and the same answer, byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from orders import services
from orders.batcher import PlacementBatcher
from orders.models import Order
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem, pointers
from tests.checks import agrees, reconcile, requested
from tests.factories import ORDERS, UNKNOWN_PRODUCT, placing_order

pytestmark = pytest.mark.django_db

KEY = "basket-4711"
Post = Callable[..., Any]


@pytest.fixture
def post(customer: APIClient, lamp: int) -> Post:
    """Send the customer's request, with its key, changed as the test says."""

    def send(*, by: APIClient = customer, key: str = KEY, **changes: int) -> Any:
        return by.post(ORDERS, {"product_id": lamp, "quantity": 2, **changes}, headers={"Idempotency-Key": key})

    return send


def test_a_repeated_request_is_answered_the_same_byte_for_byte(
    post: Post, products: FakeProductsApi, lamp: int
) -> None:
    first = post()

    again = post()

    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again["Location"] == first["Location"]
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Order.objects.count() == 1
    assert products.stock(lamp) == 8


@pytest.mark.parametrize(
    "steps",
    [
        *([{"quantity": 5}], [{"quantity": 1}], [{"status": "shipped"}]),
        *([{"status": "shipped"}, {"status": "delivered"}], [{"status": "canceled"}]),
        *([{"quantity": 3, "status": "shipped"}], [{"quantity": 3}, {"status": "canceled"}]),
    ],
    ids=repr,
)
def test_the_saved_answer_does_not_change_with_the_order(
    post: Post, clerk: APIClient, products: FakeProductsApi, steps: list[dict[str, Any]]
) -> None:
    first = post()
    for step in steps:
        assert clerk.patch(first["Location"], step).status_code == 200
    reconcile()

    again = post()

    assert (again.status_code, again.content) == (201, first.content)


def test_the_saved_answer_does_not_change_with_the_product_which_is_not_read(
    post: Post, products: FakeProductsApi, lamp: int
) -> None:
    first = post()
    products.products[lamp].name, products.products[lamp].price = "Renamed", "999.00"
    products.products[lamp].is_active = False

    again = post()
    products.unreachable = True
    once_more = post()

    assert again.content == once_more.content == first.content
    assert requested(products) == [(2, 1)]


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [({"quantity": 11}, 409, "insufficient-stock"), ({"product_id": UNKNOWN_PRODUCT}, 422, "product-not-found")],
)
def test_a_refusal_is_repeated_as_it_was_even_when_the_order_could_be_placed_now(
    post: Post, products: FakeProductsApi, changes: dict[str, int], status: int, slug: str
) -> None:
    first = post(**changes)
    products.products[1].stock = 1_000
    products.products[UNKNOWN_PRODUCT] = products.products[1]

    again = post(**changes)

    assert_problem(again, status=status, slug=slug)
    assert again.content == first.content
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "other"),
    [({}, {"quantity": 3}), ({}, {"product_id": 2}), ({"quantity": 11}, {}), ({"product_id": UNKNOWN_PRODUCT}, {})],
    ids=repr,
)
def test_another_request_with_the_key_of_a_placed_or_refused_one_is_refused(
    post: Post, products: FakeProductsApi, first: dict[str, int], other: dict[str, int]
) -> None:
    products.add_product()
    post(**first)
    stock = products.stock(1)

    response = post(**other)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert "Idempotent-Replayed" not in response
    assert Order.objects.count() == 1
    assert products.stock(1) == stock


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [({}, 409, "idempotency-in-progress"), ({"quantity": 3}, 422, "idempotency-key-reused")],
    ids=["a repeat", "another request"],
)
def test_while_the_first_request_is_young_its_key_is_taken(
    post: Post, products: FakeProductsApi, lamp: int, changes: dict[str, int], status: int, slug: str
) -> None:
    placing_order(lamp, idempotency_key=KEY)

    response = post(**changes)

    assert_problem(response, status=status, slug=slug)
    assert ("Retry-After" in response) is (status == 409)
    assert products.requests == []


def test_a_request_for_the_quantity_that_the_order_was_changed_to_is_another_one(
    post: Post, customer: APIClient
) -> None:
    first = post()
    customer.patch(first["Location"], {"quantity": 1})

    response = post(quantity=1)

    assert_problem(response, status=422, slug="idempotency-key-reused")


def test_the_order_of_fields_does_not_make_another_request(post: Post, customer: APIClient, lamp: int) -> None:
    first = post()
    again = customer.post(ORDERS, {"quantity": 2, "product_id": lamp}, headers={"Idempotency-Key": KEY})
    assert again.content == first.content


@pytest.mark.parametrize("key", ["k", "a key with spaces", "~" * 255, '"quoted"', "'; DROP TABLE orders; --", "0"])
def test_a_key_is_1_to_255_printable_ascii_characters(post: Post, key: str) -> None:
    first, again = post(key=key), post(key=key)
    assert (again.status_code, again["Idempotent-Replayed"], again.content) == (201, "true", first.content)


def test_any_other_key_is_refused(post: Post) -> None:
    assert pointers(post(key="k" * 256)) == ["/Idempotency-Key"]
    assert not Order.objects.exists()


def test_keys_differ_in_case(post: Post) -> None:
    assert post(key="key").json()["id"] != post(key="KEY").json()["id"]


def test_an_invalid_request_does_not_use_the_key_up(post: Post) -> None:
    assert_problem(post(quantity=0), status=400, slug="invalid-request")

    response = post()

    assert (response.status_code, "Idempotent-Replayed" in response) == (201, False)


def test_a_repeat_is_in_progress_during_the_call_of_the_first_request(
    post: Post, products: FakeProductsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeats: list[Any] = []

    def repeat(_: object) -> None:
        monkeypatch.setattr(services, "batcher", PlacementBatcher())  # another process
        repeats.append(post())

    products.on_request = repeat

    first = post()

    assert first.status_code == 201
    assert_problem(repeats[0], status=409, slug="idempotency-in-progress")


@pytest.mark.parametrize("changes", [{}, {"quantity": 3}])
def test_the_keys_of_two_owners_are_different_keys(post: Post, stranger: APIClient, changes: dict[str, int]) -> None:
    mine = post()

    theirs = post(by=stranger, **changes)

    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]
    assert "Idempotent-Replayed" not in theirs


@pytest.mark.parametrize("changes", [{}, {"quantity": 3}], ids=["the same", "another"])
@pytest.mark.parametrize("fault", ["unreachable", "hang", "unavailable"])
def test_a_request_with_the_key_after_a_503_is_a_fresh_attempt(
    post: Post, products: FakeProductsApi, lamp: int, fault: str, changes: dict[str, int]
) -> None:
    setattr(products, fault, True)
    assert_problem(post(), status=503, slug="order-not-placed")
    setattr(products, fault, False)

    again = post(**changes)

    assert (again.status_code, "Idempotent-Replayed" in again) == (201, False)
    assert (Order.objects.count(), Order.objects.live().count()) == (2, 1)
    reconcile()
    assert agrees(products, lamp)


def test_after_several_503_the_order_that_came_of_it_is_the_one_that_is_repeated(
    post: Post, products: FakeProductsApi, lamp: int
) -> None:
    products.lose_answers(3)
    for _ in range(3):
        assert_problem(post(), status=503, slug="order-not-placed")
    placed = post()

    again = post()

    assert again.content == placed.content
    reconcile()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 8
