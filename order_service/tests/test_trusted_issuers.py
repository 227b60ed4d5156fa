"""Whom this service trusts: the users' issuer, services that it is told of, and not itself."""

from pathlib import Path

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from service_kit.testing.tokens import USERS, Issuer, SigningKey, bearer, publish
from tests.factories import ORDERS, live_order, order_url

SHIPPING = Issuer("shipping_service", "order_service", SigningKey.ed25519("shipping-1"))
ALL = "orders:read orders:write orders:manage"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings: Settings, tmp_path: Path) -> None:
    """Put the test issuers' keys where the settings look for those of the real ones, and trust shipping_service too."""
    [users] = settings.TRUSTED_ISSUERS
    settings.TRUSTED_ISSUERS = [
        publish(tmp_path, Issuer(users.name, users.audience, USERS.key)),
        publish(tmp_path, SHIPPING, scopes=frozenset({"orders:read"})),
    ]


@pytest.fixture
def shipping() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=bearer(SHIPPING.token("shipping_service", ALL))["Authorization"])
    return client


def test_a_user_with_the_scope_is_let_in(nobody: APIClient) -> None:
    assert nobody.get(ORDERS, headers=bearer(USERS.token("customer", "orders:write"))).status_code == 200


def test_a_trusted_service_reads_whoever_ordered(shipping: APIClient) -> None:
    order = live_order(owner="alice")

    one, listed = shipping.get(order_url(order)), shipping.get(ORDERS)

    assert (one.status_code, one.json()["id"]) == (200, order.pk)
    assert [each["id"] for each in listed.json()["results"]] == [order.pk]


def test_it_changes_and_places_nothing_whatever_its_token_claims(shipping: APIClient) -> None:
    order = live_order(owner="shipping_service")

    changed = shipping.patch(order_url(order), {"status": "shipped"})
    placed = shipping.post(ORDERS, {"product_id": 1, "quantity": 1})

    assert (changed.status_code, placed.status_code) == (403, 403)


def test_no_user_reads_the_orders_of_others_by_the_scope_of_services(nobody: APIClient) -> None:
    order = live_order(owner="alice")
    mallory, both = (bearer(USERS.token("mallory", f"orders:read{more}")) for more in ("", " orders:write"))

    assert nobody.get(ORDERS, headers=mallory).status_code == 403
    assert nobody.get(order_url(order), headers=both).status_code == 404
