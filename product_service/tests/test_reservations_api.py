"""Reservations over HTTP: the shape of questions and answers, who may ask, and the listing for audits."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from inventory.models import Reservation
from service_kit.testing.pages import walk
from service_kit.testing.problems import assert_problem, pointers
from tests.world import RESERVATIONS, UNKNOWN_PRODUCT, add_product, settle, stock_of, want

pytestmark = pytest.mark.django_db


def item(**values: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "product_id": UNKNOWN_PRODUCT, "quantity": 1, "revision": 1, **values}


def test_a_batch_is_answered_item_by_item_and_refusals_are_answers_too(order_service: APIClient) -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    held, refused = item(product_id=lamp.pk, quantity=2), item()

    response = order_service.post(RESERVATIONS, {"reservations": [held, refused]})

    assert response.status_code == 200
    snapshot = {"unit_price": "39.90", "product_name": "Desk lamp", "current_price": None}
    assert response.json()["reservations"] == [
        {"id": held["id"], "outcome": "held", "quantity": 2, "revision": 1, **snapshot},
        {"id": refused["id"], "outcome": "product-not-found", "quantity": 0, "revision": 1, **dict.fromkeys(snapshot)},
    ]


def test_100_items_are_answered_in_their_order(order_service: APIClient) -> None:
    lamp = add_product(stock=60)
    holds = [item(product_id=lamp.pk) for _ in range(100)]

    answers = order_service.post(RESERVATIONS, {"reservations": holds}).json()["reservations"]

    assert [answer["id"] for answer in answers] == [hold["id"] for hold in holds]
    assert [answer["outcome"] for answer in answers] == ["held"] * 60 + ["insufficient-stock"] * 40


def test_the_same_message_is_answered_with_the_same_bytes(order_service: APIClient) -> None:
    lamp = add_product(price="39.90", stock=5)
    batch = {"reservations": [item(product_id=lamp.pk), item()]}

    first, again = order_service.post(RESERVATIONS, batch), order_service.post(RESERVATIONS, batch)

    assert again.content == first.content


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "id": [
            *("lamp", 5, None, "00000000000040008000000000000000", "00000000-0000-4000-8000-00000000000\u0661"),
            *("{00000000-0000-4000-8000-000000000000}", "urn:uuid:00000000-0000-4000-8000-000000000000"),
        ],
        "product_id": [0, -1, 2**63, "7", True, 1.5],
        "quantity": [-1, 2**31, "1", True, None],
        "revision": [0, -1, 2**31, "1"],
        "unit_price": ["0.01"],
    }.items(),
)
def test_malformed_items_are_refused_with_their_whole_batch(
    order_service: APIClient, field: str, values: list[object]
) -> None:
    lamp = add_product(stock=5)
    batch = [item(product_id=lamp.pk), *(item(**{field: value}) for value in values)]

    response = order_service.post(RESERVATIONS, {"reservations": batch})

    assert pointers(response) == [f"/reservations/{number}/{field}" for number in range(1, len(batch))]
    assert stock_of(lamp) == 5
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("field", ["id", "product_id", "quantity", "revision"])
def test_an_item_that_lacks_a_field_is_refused(order_service: APIClient, field: str) -> None:
    incomplete = item()
    del incomplete[field]

    response = order_service.post(RESERVATIONS, {"reservations": [incomplete]})

    assert pointers(response) == [f"/reservations/0/{field}"]


@pytest.mark.parametrize("reservations", [[], "all", None, {}, [[]], [7], [None]])
def test_a_batch_that_is_no_list_of_items_is_refused(order_service: APIClient, reservations: object) -> None:
    response = order_service.post(RESERVATIONS, {"reservations": reservations})

    assert pointers(response)[0].startswith("/reservations")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"reservations": [item() for _ in range(101)]}, "/reservations"),
        ({"reservations": [once := item(), item(id=once["id"].upper())]}, "/reservations"),
        ({"reservations": [item()], "expires_in": 60}, "/expires_in"),
    ],
    ids=["more than 100 items", "an id twice, in any notation", "an unknown field beside the batch"],
)
def test_a_batch_is_refused_as_a_whole(order_service: APIClient, body: dict[str, object], named: str) -> None:
    response = order_service.post(RESERVATIONS, body)

    assert pointers(response) == [named]
    assert not Reservation.objects.exists()


def test_one_reservation_can_be_read(order_service: APIClient) -> None:
    lamp = add_product(name="Desk lamp", price="39.90", stock=5)
    hold = want(lamp, 2)
    settle(hold)

    answer = order_service.get(f"{RESERVATIONS}{str(hold.id).upper()}/").json()

    snapshot = {"unit_price": "39.90", "product_name": "Desk lamp"}
    values = {"id": str(hold.id), "product_id": lamp.pk, "quantity": 2, "revision": 1, "outcome": "held", **snapshot}
    assert {field: answer[field] for field in answer if not field.endswith("_at")} == values
    assert answer["created_at"] <= answer["updated_at"]


@pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000000", "lamp", "7"])
def test_an_unknown_reservation_is_not_found(order_service: APIClient, name: str) -> None:
    settle(want(add_product(stock=5), 1))

    response = order_service.get(f"{RESERVATIONS}{name}/")

    assert_problem(response, status=404, slug="not-found")


def test_all_reservations_are_listed_once_in_order_of_their_ids(order_service: APIClient) -> None:
    lamp = add_product(stock=50)
    early, together = [want(lamp, 1)], [want(lamp, 1) for _ in range(6)]
    settle(*early)
    settle(*together)

    listed = [row["id"] for page in walk(order_service, f"{RESERVATIONS}?page_size=3") for row in page]

    assert listed == sorted(str(hold.id) for hold in [*early, *together])


def test_the_listing_knows_no_filters(order_service: APIClient) -> None:
    response = order_service.get(RESERVATIONS, {"product_id": "7"})

    assert pointers(response) == ["/product_id"]
