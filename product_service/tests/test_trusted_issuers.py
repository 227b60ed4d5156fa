"""Whom this service trusts: the users' issuer, and order_service for its reservations and nothing else."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from service_kit.testing.tokens import USERS, Issuer, SigningKey, bearer, publish
from tests.world import PRODUCTS, RESERVATIONS

ORDER_SERVICE = Issuer("order_service", "product_service", SigningKey.ed25519("order-service-1"))
ALL = "orders:write orders:manage catalog:write reservations:write"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings: Settings, tmp_path: Path) -> None:
    """Put the test issuers' keys where the settings look for those of the real ones."""
    users, service = settings.TRUSTED_ISSUERS
    settings.TRUSTED_ISSUERS = [
        publish(tmp_path, Issuer(users.name, users.audience, USERS.key)),
        publish(tmp_path, Issuer(service.name, service.audience, ORDER_SERVICE.key), scopes=service.scopes),
    ]


def status(client: Client, method: str, path: str, token: str) -> int:
    return client.generic(method, path, "{}", "application/json", headers=bearer(token)).status_code


def test_order_service_reads_and_writes_reservations_whatever_its_token_says(client: Client) -> None:
    token = ORDER_SERVICE.token("order_service", "")

    assert status(client, "GET", RESERVATIONS, token) == 200
    assert status(client, "POST", RESERVATIONS, token) == 400  # let in, and then refused: the body is missing


def test_order_service_may_do_nothing_else(client: Client) -> None:
    assert status(client, "POST", PRODUCTS, ORDER_SERVICE.token("order_service", ALL)) == 403


def test_no_user_may_touch_reservations(client: Client) -> None:
    assert status(client, "GET", RESERVATIONS, USERS.token("clerk", ALL)) == 403


def test_a_user_with_the_scope_edits_the_catalogue(client: Client) -> None:
    assert status(client, "POST", PRODUCTS, USERS.token("clerk", "catalog:write")) == 400
    assert status(client, "POST", PRODUCTS, USERS.token("customer", "orders:write")) == 403
