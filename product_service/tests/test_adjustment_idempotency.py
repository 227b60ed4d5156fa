"""Idempotency-Key on stock adjustments: the same request again is the same adjustment, not a second one."""

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from inventory.errors import IdempotencyKeyReused
from inventory.models import StockAdjustment
from service_kit.testing.problems import assert_problem, pointers
from tests.world import add_product, ledger, stock_of

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "delivery-4711"}
DELIVERY = {"delta": 10, "reason": "delivery"}


def test_a_repeated_request_is_answered_the_same_byte_for_byte(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    first = clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    again = clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert stock_of(lamp) == 15


def test_the_order_of_fields_does_not_make_another_request(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    again = clerk.post(ledger(lamp), dict(reversed(DELIVERY.items())), headers=KEY)

    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("other", [{"delta": 11, "reason": "delivery"}, {"delta": 10, "reason": "found"}])
def test_another_request_with_the_key_is_refused(clerk: APIClient, other: dict[str, object]) -> None:
    lamp = add_product(stock=5)
    clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    response = clerk.post(ledger(lamp), other, headers=KEY)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert stock_of(lamp) == 15


def test_the_same_body_for_another_product_is_another_request(clerk: APIClient) -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    response = clerk.post(ledger(chair), DELIVERY, headers=KEY)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert stock_of(chair) == 5


def test_the_keys_of_two_clerks_do_not_meet(clerk: APIClient, other_clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    response = other_clerk.post(ledger(lamp), {"delta": 1, "reason": "found"}, headers=KEY)

    assert response.status_code == 201
    assert "Idempotent-Replayed" not in response
    assert stock_of(lamp) == 16


def test_without_a_key_each_request_is_a_new_one(clerk: APIClient) -> None:
    lamp = add_product(stock=5)

    clerk.post(ledger(lamp), DELIVERY)
    clerk.post(ledger(lamp), DELIVERY)

    assert stock_of(lamp) == 25


def test_a_refusal_is_not_remembered(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    taking = {"delta": -6, "reason": "damaged"}
    assert clerk.post(ledger(lamp), taking, headers=KEY).status_code == 409
    clerk.post(ledger(lamp), DELIVERY)

    again = clerk.post(ledger(lamp), taking, headers=KEY)

    assert again.status_code == 201
    assert stock_of(lamp) == 9


def test_a_replay_tells_of_the_past_whatever_happened_since(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    first = clerk.post(ledger(lamp), DELIVERY, headers=KEY)
    clerk.delete(f"/api/v1/products/{lamp.pk}/")
    clerk.post(ledger(lamp), {"delta": -15, "reason": "scrapped"})

    again = clerk.post(ledger(lamp), DELIVERY, headers=KEY)

    assert again.content == first.content
    assert stock_of(lamp) == 0


@pytest.mark.parametrize("key", ["a", "a" * 255, "with spaces and ~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}"])
def test_a_key_is_any_255_printable_signs(clerk: APIClient, key: str) -> None:
    lamp = add_product()

    response = clerk.post(ledger(lamp), DELIVERY, headers={"Idempotency-Key": key})

    assert response.status_code == 201


@pytest.mark.parametrize("key", ["a" * 256])
def test_any_other_key_is_refused(clerk: APIClient, key: str) -> None:
    lamp = add_product(stock=5)

    response = clerk.post(ledger(lamp), DELIVERY, headers={"Idempotency-Key": key})

    assert pointers(response) == ["/Idempotency-Key"]
    assert stock_of(lamp) == 5


def test_a_key_that_another_product_took_at_the_same_moment_is_refused() -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    same = {"delta": 10, "reason": "delivery", "subject": "the clerk", "idempotency_key": "delivery-4711"}
    StockAdjustment.objects.record(StockAdjustment(product=lamp, fingerprint="of the lamp", **same))

    with pytest.raises(IdempotencyKeyReused):
        StockAdjustment.objects.record(StockAdjustment(product=chair, fingerprint="of the chair", **same))

    assert stock_of(chair) == 5


def test_another_rule_that_an_adjustment_breaks_is_not_taken_for_a_used_key() -> None:
    lamp = add_product(stock=5)

    with pytest.raises(IntegrityError):
        StockAdjustment.objects.record(StockAdjustment(product=lamp, delta=1, reason="", subject="the clerk"))
