"""Whom this service trusts: the users' issuer alone."""

from pathlib import Path

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from service_kit.testing.problems import assert_problem
from service_kit.testing.tokens import USERS, Issuer, SigningKey, bearer, publish
from tests.factories import ORDERS

OWN_KEY = SigningKey.ed25519("order-service-1")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings: Settings, tmp_path: Path) -> None:
    [users] = settings.TRUSTED_ISSUERS
    settings.TRUSTED_ISSUERS = [publish(tmp_path, Issuer(users.name, users.audience, USERS.key))]


def test_a_user_with_the_scope_is_let_in(nobody: APIClient) -> None:
    assert nobody.get(ORDERS, headers=bearer(USERS.token("customer", "orders:write"))).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        Issuer("order_service", "product_service", OWN_KEY).token("order_service", "orders:manage"),
        Issuer(USERS.name, USERS.audience, OWN_KEY).token("clerk", "orders:manage"),
        Issuer("order_service", USERS.audience, USERS.key).token("clerk", "orders:manage"),
    ],
    ids=["its own token", "its own key", "its own name"],
)
def test_this_service_does_not_trust_itself(nobody: APIClient, token: str) -> None:
    assert_problem(nobody.get(ORDERS, headers=bearer(token)), status=401, slug="not-authenticated")
