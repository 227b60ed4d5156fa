"""Idempotency-Key: the same request again is the same product or adjustment, not a second one."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from rest_framework.test import APIClient

from catalogue.models import Creation
from inventory.errors import IdempotencyKeyReused
from inventory.models import StockAdjustment
from products.models import Product
from service_kit.testing.problems import assert_problem, pointers
from tests.world import PRODUCTS, add_product, ledger, reprice, stock_of

pytestmark = pytest.mark.django_db

KEY = "supplier-4711"
LAMP: dict[str, Any] = {"name": "Desk lamp", "price": "39.90", "stock_quantity": 5}
DELIVERY: dict[str, Any] = {"delta": 10, "reason": "delivery"}


@dataclass(frozen=True)
class Sent:
    """A request that may be repeated."""

    path: str
    body: dict[str, Any]

    def by(self, client: APIClient, *, key: str = KEY, **changes: Any) -> Any:
        return client.post(self.path, {**self.body, **changes}, headers={"Idempotency-Key": key})


@pytest.fixture(params=["create", "adjust"])
def sent(request: pytest.FixtureRequest) -> Sent:
    return Sent(PRODUCTS, LAMP) if request.param == "create" else Sent(ledger(add_product(stock=5)), DELIVERY)


def is_replay(response: HttpResponse) -> bool:
    assert response.status_code == 201, response.content
    return response.headers.get("Idempotent-Replayed") == "true"


def moves() -> int:
    """Each request here that is new moves stock once."""
    return StockAdjustment.objects.count()


def test_a_repeated_request_is_answered_the_same_byte_for_byte(clerk: APIClient, sent: Sent) -> None:
    first = sent.by(clerk)
    before = moves()

    again = sent.by(clerk)

    assert (is_replay(first), is_replay(again)) == (False, True)
    assert again.content == first.content
    assert [again.headers.get(name) for name in ("Location", "ETag")] == [
        first.headers.get(name) for name in ("Location", "ETag")
    ]
    assert moves() == before


def test_the_order_of_fields_does_not_make_another_request(clerk: APIClient, sent: Sent) -> None:
    sent.by(clerk)

    assert is_replay(Sent(sent.path, dict(reversed(sent.body.items()))).by(clerk))


def test_a_product_with_every_column_empty_is_replayed_too(clerk: APIClient) -> None:
    first = Sent(PRODUCTS, {"name": "Lamp", "price": 1}).by(clerk)

    assert Sent(PRODUCTS, {"price": 1.0, "name": "Lamp"}).by(clerk).content == first.content


@pytest.mark.parametrize(
    ("sent", "other"),
    [
        *(("create", other) for other in ({"price": "39.91"}, {"stock_quantity": 6}, {"description": "Warm light"})),
        *(("adjust", other) for other in ({"delta": 11}, {"reason": "found"})),
    ],
    indirect=["sent"],
)
def test_another_request_with_the_key_is_refused(clerk: APIClient, sent: Sent, other: dict[str, Any]) -> None:
    sent.by(clerk)
    before = moves()

    response = sent.by(clerk, **other)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert moves() == before


def test_the_same_body_for_another_product_is_another_request(clerk: APIClient) -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    Sent(ledger(lamp), DELIVERY).by(clerk)

    response = Sent(ledger(chair), DELIVERY).by(clerk)

    assert_problem(response, status=422, slug="idempotency-key-reused")
    assert stock_of(chair) == 5


def test_the_keys_of_two_clerks_do_not_meet(clerk: APIClient, other_clerk: APIClient, sent: Sent) -> None:
    sent.by(clerk)

    assert not is_replay(sent.by(other_clerk))


def test_without_a_key_each_request_is_a_new_one(clerk: APIClient) -> None:
    lamp = add_product(stock=5)

    for _ in range(2):
        clerk.post(PRODUCTS, {"name": "Desk lamp", "price": "39.90"})
        clerk.post(ledger(lamp), DELIVERY)

    assert Product.objects.count() == 3
    assert stock_of(lamp) == 25
    assert not Creation.objects.exists()


def test_a_refused_creation_is_not_remembered(clerk: APIClient) -> None:
    creation = Sent(PRODUCTS, {**LAMP, "external_reference": "LAMP-1"})
    taken = clerk.post(creation.path, creation.body)
    assert_problem(creation.by(clerk), status=409, slug="external-reference-taken")
    clerk.patch(taken["Location"], {"external_reference": None})

    assert not is_replay(creation.by(clerk))


def test_a_refused_adjustment_is_not_remembered(clerk: APIClient) -> None:
    lamp = add_product(stock=5)
    taking = Sent(ledger(lamp), {"delta": -6, "reason": "damaged"})
    assert_problem(taking.by(clerk), status=409, slug="insufficient-stock")
    clerk.post(ledger(lamp), DELIVERY)

    assert not is_replay(taking.by(clerk))
    assert stock_of(lamp) == 9


def test_a_replay_tells_of_the_past_whatever_happened_since(clerk: APIClient, sent: Sent) -> None:
    first = sent.by(clerk)
    product = Product.objects.get()
    reprice(product, name="Floor lamp", price="1.00")
    clerk.post(ledger(product), {"delta": -5, "reason": "scrapped"})
    clerk.delete(f"{PRODUCTS}{product.pk}/")

    again = sent.by(clerk)

    assert again.content == first.content
    assert stock_of(product) == (0 if sent.body is LAMP else 10)


@pytest.mark.parametrize("key", ["", "a" * 256])
def test_a_key_that_is_none_is_refused(clerk: APIClient, sent: Sent, key: str) -> None:
    before = moves()

    response = sent.by(clerk, key=key)

    assert pointers(response) == ["/Idempotency-Key"]
    assert moves() == before


def test_a_key_that_another_product_took_at_the_same_moment_is_refused() -> None:
    lamp, chair = add_product(stock=5), add_product(stock=5)
    same = {"delta": 10, "reason": "delivery", "subject": "the clerk", "idempotency_key": KEY}
    StockAdjustment.objects.record(StockAdjustment(product=lamp, fingerprint="of the lamp", **same))

    with pytest.raises(IdempotencyKeyReused):
        StockAdjustment.objects.record(StockAdjustment(product=chair, fingerprint="of the chair", **same))

    assert stock_of(chair) == 5


def test_another_rule_that_an_adjustment_breaks_is_not_taken_for_a_used_key() -> None:
    lamp = add_product(stock=5)

    with pytest.raises(IntegrityError):
        StockAdjustment.objects.record(StockAdjustment(product=lamp, delta=1, reason="", subject="the clerk"))
