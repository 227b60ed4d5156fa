"""Failures of the database: an answer never says more than is known, and nothing is lost or duplicated."""

import time
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from rest_framework.test import APIClient

from orders.drafts import Placed
from orders.models import Order
from orders.placement import place_group
from orders.states import Placement
from products_stand_in.api import FakeProductsApi
from service_kit.testing.problems import assert_problem
from tests.checks import agrees, reconcile_later, sync_state
from tests.factories import ORDERS, draft, only_order, order_url, place, read
from tests.failing_database import failing_at, interfering, unheard

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {"Idempotency-Key": "basket-4711"}


def post(client: APIClient, product_id: int) -> Any:
    return client.post(ORDERS, {"product_id": product_id, "quantity": 2}, headers=KEY)


def end_connection() -> None:
    """Let the server end the connection of this test."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_without_a_row_the_outcome_is_unknown_and_product_service_is_not_called(
    customer: APIClient, products: FakeProductsApi, lamp: int, error: type[Exception]
) -> None:
    with failing_at("INSERT", error=error):
        response = post(customer, lamp)

    assert_problem(response, status=503, slug="outcome-unknown")
    assert int(response["Retry-After"]) >= 1
    assert products.requests == []
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("error", "times", "first"),
    [(OperationalError, 1, "Placed"), (OperationalError, 2, "OutcomeUnknown"), (DataError, 2, "DataError")],
    ids=["a short failure costs no order", "a failure of one row leaves the rest placed", "so does a refused row"],
)
def test_a_failure_of_an_insert_is_that_of_its_own_request(
    products: FakeProductsApi, lamp: int, error: type[Exception], times: int, first: str
) -> None:
    with failing_at("INSERT", error=error, times=times):
        answers = place_group([draft(lamp) for _ in range(3)])

    assert [type(answer).__name__ for answer in answers] == [first, "Placed", "Placed"]
    assert len(products.requests) == 1
    assert agrees(products, lamp)


@pytest.mark.postgresql("SQLite has no server that could end a connection")
def test_a_group_whose_connection_ends_is_placed_over_another(products: FakeProductsApi, lamp: int) -> None:
    connection.ensure_connection()

    with interfering("\n    INSERT", end_connection):
        answers = place_group([draft(lamp) for _ in range(3)])

    assert [type(answer) for answer in answers] == [Placed] * 3
    assert agrees(products, lamp)


@pytest.mark.postgresql("SQLite has no server that could be away")
def test_while_no_connection_can_be_made_a_group_tries_it_once(
    products: FakeProductsApi, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    tried = []

    def fail(parameters: object) -> None:
        tried.append(parameters)
        raise OperationalError("connection timeout expired")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "get_new_connection", fail)
        answers = place_group([draft(lamp) for _ in range(3)])

    assert [type(answer).__name__ for answer in answers] == ["OutcomeUnknown"] * 3
    assert len(tried) == 1


def test_after_the_deadline_the_insert_is_not_retried(products: FakeProductsApi, lamp: int) -> None:
    with failing_at("INSERT", times=1):
        [answer] = place_group([draft(lamp, deadline=time.monotonic())])

    assert type(answer).__name__ == "OutcomeUnknown"
    assert not Order.objects.exists()


def test_a_row_whose_commit_was_not_confirmed_is_found_again(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    with unheard("INSERT"):
        response = post(customer, lamp)

    assert response.status_code == 201
    assert Order.objects.count() == 1
    assert agrees(products, lamp)


@pytest.mark.parametrize("lost_answers", [0, 1])
def test_an_outcome_that_cannot_be_stored_is_unknown_and_left_to_the_reconciler(
    customer: APIClient, products: FakeProductsApi, lamp: int, lost_answers: int
) -> None:
    products.lose_answers(lost_answers)

    with failing_at("WITH held", "UPDATE"):
        response = post(customer, lamp)

    assert_problem(response, status=503, slug="outcome-unknown")
    assert (only_order().placement, products.held(lamp)) == (Placement.PLACING, 2)
    assert_problem(post(customer, lamp), status=409, slug="idempotency-in-progress")
    reconcile_later()
    assert agrees(products, lamp)
    assert products.stock(lamp) == 10


def test_after_an_unconfirmed_commit_the_key_replays_the_order(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    with unheard("WITH held"):
        unknown = post(customer, lamp)
    again = post(customer, lamp)

    assert_problem(unknown, status=503, slug="outcome-unknown")
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert agrees(products, lamp)


def test_an_increase_that_cannot_be_finished_is_dropped_later(
    customer: APIClient, products: FakeProductsApi, lamp: int
) -> None:
    order = place(lamp)

    with failing_at('UPDATE "orders_order" SET "quantity"'):
        response = customer.patch(order_url(order), {"quantity": 5})

    assert_problem(response, status=503, slug="outcome-unknown")
    assert products.held(lamp) == 5
    reconcile_later()
    assert read(order).quantity == 2
    assert agrees(products, lamp)


def test_a_failed_cancel_changes_nothing(customer: APIClient, products: FakeProductsApi, lamp: int) -> None:
    order = place(lamp)

    with failing_at("UPDATE"):
        response = customer.patch(order_url(order), {"status": "canceled"})

    assert_problem(response, status=503, slug="outcome-unknown")
    assert (read(order).status, sync_state(order)) == ("pending", (1, 1, False))


@pytest.mark.parametrize("where", ["list", "one"])
def test_a_read_says_that_the_database_is_unavailable(customer: APIClient, lamp: int, where: str) -> None:
    order = place(lamp)

    with failing_at("SELECT"):
        response = customer.get(ORDERS if where == "list" else order_url(order))

    assert_problem(response, status=503, slug="database-unavailable")
    assert int(response["Retry-After"]) >= 1
