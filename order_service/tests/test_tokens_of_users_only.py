"""This service believes the users' issuer alone: no service has anything to ask of it."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.identity_provider import knock, problem
from tests.tokens import ORDER_SERVICE, USERS, Issuer, clerk, customer, publish


@pytest.fixture(autouse=True)
def trusted(settings: Settings, tmp_path: Path) -> Settings:
    for name, value in publish(tmp_path).items():
        setattr(settings, name, value)
    return settings


def test_users_are_believed() -> None:
    assert knock(customer()).data["scopes"] == ["orders:write"]
    assert knock(clerk(), method="POST").status_code == 204


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(ORDER_SERVICE.token("order_service", "orders:manage"), id="its own token"),
        pytest.param(Issuer(USERS.name, USERS.audience, ORDER_SERVICE.key).token("clerk"), id="its own key"),
        pytest.param(Issuer("order_service", USERS.audience, USERS.key).token("clerk"), id="its own name"),
    ],
)
def test_this_service_does_not_believe_itself(token: str) -> None:
    assert knock(token).status_code == 401


def test_a_missing_key_set_is_a_503(settings: Settings, tmp_path: Path) -> None:
    settings.AUTH_JWKS = str(tmp_path / "missing.json")

    answer = knock(customer())

    assert (answer.status_code, problem(answer)) == (503, "/problems/identity-provider-unavailable")
