"""Users and services: each is accepted with its own key, for its own scopes, and for no others."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from service_kit.auth.authentication import TokenAuthentication
from service_kit.testing.identity_provider import call_view, problem_type
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact, publish

OTHER_SERVICE = Issuer("other_service", "sample_service", SigningKey.ed25519("other-service-1"))
COUNT = frozenset({"things:count"})
ALL = "things:read things:write things:count"


@pytest.fixture(autouse=True)
def trusted(settings: Settings, tmp_path: Path) -> Settings:
    settings.TRUSTED_ISSUERS = [publish(tmp_path, USERS), publish(tmp_path, OTHER_SERVICE, scopes=COUNT)]
    return settings


@pytest.mark.parametrize("claimed", ["", ALL], ids=["nothing", "everything"])
def test_a_service_is_recognized_by_its_own_key_and_has_one_scope_whatever_it_claims(claimed: str) -> None:
    token = OTHER_SERVICE.token("other_service", claimed)

    assert call_view(token).data == {"subject": "other_service", "scopes": ["things:count"], "is_service": True}
    assert call_view(token, method="POST").status_code == 403


def test_no_user_has_the_scope_of_a_service() -> None:
    answer = call_view(USERS.token("clerk", ALL))

    assert answer.data["scopes"] == ["things:read", "things:write"]
    assert answer.data["is_service"] is False


def test_a_user_may_be_called_like_the_service_and_is_still_a_user() -> None:
    answer = call_view(USERS.token("other_service", "things:count"))

    assert answer.data == {"subject": "other_service", "scopes": [], "is_service": False}


@pytest.mark.parametrize(
    "forgery",
    [
        pytest.param(Issuer("other_service", "sample_service", USERS.key).token("other_service"), id="users' key"),
        pytest.param(Issuer(USERS.name, USERS.audience, OTHER_SERVICE.key).token("clerk"), id="the service's key"),
        pytest.param(
            compact(USERS.header(), OTHER_SERVICE.claims("other_service"), OTHER_SERVICE.key.sign), id="users' kid"
        ),
        pytest.param(USERS.token("clerk", aud="sample_service"), id="user with the service's audience"),
        pytest.param(OTHER_SERVICE.token("other_service", aud="shop"), id="service with the users' audience"),
        pytest.param(OTHER_SERVICE.token("other_service", iss=["other_service"]), id="issuer in a list"),
        pytest.param(USERS.token("clerk", iss="https://other.test"), id="another issuer"),
    ],
)
def test_a_key_an_issuer_and_an_audience_count_only_together(forgery: str) -> None:
    answer = call_view(forgery)

    assert answer.status_code == 401


def test_missing_keys_of_one_issuer_do_not_affect_the_other(settings: Settings, tmp_path: Path) -> None:
    users, service = settings.TRUSTED_ISSUERS
    settings.TRUSTED_ISSUERS = [users, replace(service, jwks=str(tmp_path / "missing.json"))]

    answer = call_view(OTHER_SERVICE.token("other_service"))

    assert (answer.status_code, problem_type(answer)) == (503, "/problems/identity-provider-unavailable")
    assert call_view(USERS.token("customer")).status_code == 200


def test_one_name_for_both_issuers_is_refused(settings: Settings) -> None:
    users, service = settings.TRUSTED_ISSUERS
    settings.TRUSTED_ISSUERS = [users, replace(service, name=users.name)]

    with pytest.raises(ImproperlyConfigured, match="must differ"):
        TokenAuthentication().verifier()
