"""Idempotency-Key on products: the same request again is the same product, not a second one."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.models import Creation
from products.models import Product
from service_kit.testing.problems import assert_problem, pointers
from tests.world import reprice

pytestmark = pytest.mark.django_db

PRODUCTS = "/api/v1/products/"
KEY = {"Idempotency-Key": "supplier-4711"}
LAMP: dict[str, Any] = {"name": "Desk lamp", "price": "39.90", "stock_quantity": 5, "external_reference": "LAMP-1"}


def test_a_repeated_request_is_answered_the_same_byte_for_byte(clerk: APIClient) -> None:
    first = clerk.post(PRODUCTS, LAMP, headers=KEY)

    again = clerk.post(PRODUCTS, LAMP, headers=KEY)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Product.objects.count() == 1


def test_a_replay_tells_of_the_past_whatever_happened_since(clerk: APIClient) -> None:
    first = clerk.post(PRODUCTS, LAMP, headers=KEY)
    product = Product.objects.get()
    reprice(product, name="Floor lamp", price="1.00")
    clerk.delete(first["Location"])

    again = clerk.post(PRODUCTS, LAMP, headers=KEY)

    assert again.content == first.content


def test_a_product_with_every_column_empty_is_replayed_too(clerk: APIClient) -> None:
    first = clerk.post(PRODUCTS, {"name": "Lamp", "price": 1}, headers=KEY)

    assert clerk.post(PRODUCTS, {"price": 1.0, "name": "Lamp"}, headers=KEY).content == first.content


@pytest.mark.parametrize("other", [{"price": "39.91"}, {"stock_quantity": 6}, {"description": "Warm light"}])
def test_another_request_with_the_key_is_refused(clerk: APIClient, other: dict[str, Any]) -> None:
    clerk.post(PRODUCTS, LAMP, headers=KEY)

    response = clerk.post(PRODUCTS, {**LAMP, **other}, headers=KEY)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert Product.objects.count() == 1


def test_the_keys_of_two_clerks_do_not_meet(clerk: APIClient, other_clerk: APIClient) -> None:
    clerk.post(PRODUCTS, LAMP, headers=KEY)

    response = other_clerk.post(PRODUCTS, {"name": "Chair", "price": "1"}, headers=KEY)

    assert (response.status_code, "Idempotent-Replayed" in response) == (201, False)


def test_without_a_key_each_request_is_a_new_one(clerk: APIClient) -> None:
    for _ in range(2):
        clerk.post(PRODUCTS, {"name": "Desk lamp", "price": "39.90"})

    assert Product.objects.count() == 2
    assert not Creation.objects.exists()


def test_a_refusal_is_not_saved(clerk: APIClient) -> None:
    taken = clerk.post(PRODUCTS, LAMP)
    assert_problem(clerk.post(PRODUCTS, LAMP, headers=KEY), status=409, slug="external-reference-taken")
    clerk.patch(taken["Location"], {"external_reference": None})

    again = clerk.post(PRODUCTS, LAMP, headers=KEY)

    assert (again.status_code, "Idempotent-Replayed" in again) == (201, False)


def test_a_malformed_key_is_refused(clerk: APIClient) -> None:
    response = clerk.post(PRODUCTS, LAMP, headers={"Idempotency-Key": "a" * 256})

    assert pointers(response) == ["/Idempotency-Key"]
    assert not Product.objects.exists()
