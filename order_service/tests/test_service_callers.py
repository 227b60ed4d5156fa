"""Services as callers: one that is trusted reads every order, and changes none."""

from pathlib import Path

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from service_kit.testing.tokens import USERS, Issuer, SigningKey, bearer, publish
from tests.factories import live_order

pytestmark = pytest.mark.django_db

SHIPPING = Issuer("shipping_service", "order_service", SigningKey.ed25519("shipping-1"))
ALL = "orders:read orders:write orders:manage"


@pytest.fixture(autouse=True)
def trusted(settings: Settings, tmp_path: Path) -> None:
    settings.TRUSTED_ISSUERS = [
        publish(tmp_path, USERS),
        publish(tmp_path, SHIPPING, scopes=frozenset({"orders:read"})),
    ]


@pytest.fixture
def shipping() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=bearer(SHIPPING.token("shipping_service", ALL))["Authorization"])
    return client


def test_a_trusted_service_reads_whoever_ordered(shipping: APIClient) -> None:
    order = live_order(owner="alice")

    one, listed = shipping.get(f"/api/v1/orders/{order.pk}/"), shipping.get("/api/v1/orders/")

    assert (one.status_code, one.json()["id"]) == (200, order.pk)
    assert [each["id"] for each in listed.json()["results"]] == [order.pk]


def test_it_changes_and_places_nothing_whatever_its_token_claims(shipping: APIClient) -> None:
    order = live_order(owner="shipping_service")

    changed = shipping.patch(f"/api/v1/orders/{order.pk}/", {"status": "shipped"})
    placed = shipping.post("/api/v1/orders/", {"product_id": 1, "quantity": 1})

    assert (changed.status_code, placed.status_code) == (403, 403)


@pytest.mark.parametrize("audience", ["product_service", "shop"])
def test_its_token_for_another_service_is_refused(audience: str) -> None:
    token = SHIPPING.token("shipping_service", aud=audience)

    assert APIClient().get("/api/v1/orders/", headers=bearer(token)).status_code == 401


def test_no_user_reads_the_orders_of_others_by_the_scope_of_services() -> None:
    order = live_order(owner="alice")
    mallory = bearer(USERS.token("mallory", "orders:read"))

    both = bearer(USERS.token("mallory", "orders:read orders:write"))

    assert APIClient().get("/api/v1/orders/", headers=mallory).status_code == 403
    assert APIClient().get(f"/api/v1/orders/{order.pk}/", headers=both).status_code == 404
