"""The history of an order over the API."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import assert_problem
from tests.factories import CUSTOMER, order_url, place

pytestmark = pytest.mark.django_db


def test_the_owner_reads_what_happened_the_first_first(customer: APIClient, clerk: APIClient, lamp: int) -> None:
    order = place(lamp)
    clerk.patch(order_url(order), {"status": "shipped"})

    history = customer.get(f"{order_url(order)}history/").json()["results"]

    assert [(event["kind"], event["status"], event["quantity"], event["by"], event["name"]) for event in history] == [
        ("placed", "pending", 2, "user", CUSTOMER),
        ("shipped", "shipped", 2, "user", ""),
    ]
    assert list(history[0]) == ["kind", "status", "quantity", "at", "by", "name", "request_id"]


def test_staff_read_who_did_it(clerk: APIClient, lamp: int) -> None:
    order = place(lamp)
    clerk.patch(order_url(order), {"status": "shipped"})

    history = clerk.get(f"{order_url(order)}history/").json()["results"]

    assert [event["name"] for event in history] == [CUSTOMER, "the clerk"]


def test_a_stranger_learns_nothing(stranger: APIClient, lamp: int) -> None:
    order = place(lamp)

    response = stranger.get(f"{order_url(order)}history/")

    assert_problem(response, status=404, slug="not-found")
