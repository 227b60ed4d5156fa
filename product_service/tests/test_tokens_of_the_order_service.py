"""Users and the order service: each is believed with its own key, and only what is its own."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from api.authentication import TokenAuthentication
from tests.identity_provider import knock, problem
from tests.tokens import ORDER_SERVICE, USERS, Issuer, clerk, compact, customer, order_service, publish

ALL = "orders:write orders:manage catalog:write reservations:write"


@pytest.fixture(autouse=True)
def trusted(settings: Settings, tmp_path: Path) -> Settings:
    for name, value in publish(tmp_path).items():
        setattr(settings, name, value)
    return settings


def test_the_order_service_is_known_by_its_own_key() -> None:
    answer = knock(order_service())

    assert answer.data == {"subject": "order_service", "scopes": ["reservations:write"], "is_service": True}


def test_the_order_service_has_one_scope_whatever_it_claims() -> None:
    assert knock(ORDER_SERVICE.token("order_service", ALL)).data["scopes"] == ["reservations:write"]
    assert knock(ORDER_SERVICE.token("order_service", ALL), method="POST").status_code == 403


def test_the_order_service_has_its_scope_without_claiming_it() -> None:
    assert knock(ORDER_SERVICE.token("order_service")).data["scopes"] == ["reservations:write"]


def test_no_user_has_the_scope_of_the_order_service() -> None:
    answer = knock(USERS.token("clerk", ALL))

    assert answer.data["scopes"] == ["catalog:write", "orders:manage", "orders:write"]
    assert answer.data["is_service"] is False


def test_a_user_may_be_called_like_the_service_and_is_still_a_user() -> None:
    answer = knock(USERS.token("order_service", "reservations:write"))

    assert answer.data == {"subject": "order_service", "scopes": [], "is_service": False}


@pytest.mark.parametrize(
    "forgery",
    [
        pytest.param(Issuer("order_service", "product_service", USERS.key).token("order_service"), id="users' key"),
        pytest.param(Issuer(USERS.name, USERS.audience, ORDER_SERVICE.key).token("clerk"), id="the service's key"),
        pytest.param(
            compact(USERS.header(), ORDER_SERVICE.claims("order_service"), ORDER_SERVICE.key.sign), id="users' kid"
        ),
        pytest.param(USERS.token("clerk", aud="product_service"), id="user with the service's audience"),
        pytest.param(ORDER_SERVICE.token("order_service", aud="shop"), id="service with the users' audience"),
        pytest.param(ORDER_SERVICE.token("order_service", iss=["order_service"]), id="issuer in a list"),
        pytest.param(USERS.token("clerk", iss="https://other.test"), id="another issuer"),
    ],
)
def test_a_key_an_issuer_and_an_audience_count_only_together(forgery: str) -> None:
    answer = knock(forgery)

    assert answer.status_code == 401


def test_the_cast_is_who_the_settings_trust() -> None:
    assert knock(customer()).data["scopes"] == ["orders:write"]
    assert knock(clerk(), method="POST").status_code == 204


def test_one_issuers_missing_keys_do_not_concern_the_other(settings: Settings, tmp_path: Path) -> None:
    settings.AUTH_SERVICE_JWKS = str(tmp_path / "missing.json")

    answer = knock(order_service())

    assert (answer.status_code, problem(answer)) == (503, "/problems/identity-provider-unavailable")
    assert knock(customer()).status_code == 200


def test_one_name_for_both_issuers_is_refused(settings: Settings) -> None:
    settings.AUTH_SERVICE_ISSUER = settings.AUTH_ISSUER

    with pytest.raises(ImproperlyConfigured, match="must differ"):
        TokenAuthentication().verifier()
