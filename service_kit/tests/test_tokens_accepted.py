"""Tokens that are accepted: which caller they describe."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from service_kit.testing.identity_provider import IdentityProvider, call_view, users_verifier
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact

VERIFIER = users_verifier(IdentityProvider(USERS.key))
KEY_OF_A_THIEF = SigningKey.ed25519("thief").public_jwk()


def test_a_caller_is_the_tokens_subject_with_its_scopes() -> None:
    answer = call_view(USERS.token("customer", "things:read things:write"), verifier=VERIFIER)

    assert answer.data == {"subject": "customer", "scopes": ["things:read", "things:write"], "is_service": False}


def test_without_a_token_the_caller_is_anonymous() -> None:
    answer = call_view()

    assert answer.data == {"subject": "", "scopes": [], "is_service": False}


@pytest.mark.parametrize("make_key", [SigningKey.ed25519, SigningKey.es256, SigningKey.rs256])
def test_each_of_the_three_algorithms_is_accepted(make_key: Callable[[str], SigningKey]) -> None:
    issuer = Issuer(USERS.name, USERS.audience, make_key("of-this-kind"))

    answer = call_view(issuer.token("customer"), verifier=users_verifier(IdentityProvider(issuer.key)))

    assert answer.data["subject"] == "customer"


def test_a_token_without_a_scope_gives_none() -> None:
    claims = {name: value for name, value in USERS.claims().items() if name != "scope"}

    answer = call_view(compact(USERS.header(), claims, USERS.key.sign), verifier=VERIFIER)

    assert answer.data["scopes"] == []


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        *(pytest.param({"typ": kind}, {}, id=f"of type {kind}") for kind in ("at+jwt", "application/at+jwt", None)),
        pytest.param({}, {"aud": ["another", USERS.audience]}, id="for other audiences too"),
        pytest.param({}, dict.fromkeys(("iat", "nbf"), time.time() - 0.5), id="since fractions of a second"),
        pytest.param({}, {"iat": int(time.time()) + 5}, id="of an issuer whose clock is a little ahead"),
        pytest.param({}, {"exp": time.time() + 3600.5}, id="until fractions of a second"),
        pytest.param({}, {"exp": 10**400}, id="until a distant future"),
        pytest.param({"alg": "Ed25519"}, {}, id="by another name of the algorithm"),
        pytest.param({"jwk": KEY_OF_A_THIEF, "jku": "https://thief.test/keys"}, {}, id="that offers a key"),
        pytest.param({"x5u": "https://thief.test", "x5c": ["MA=="]}, {}, id="that offers a certificate"),
    ],
)
def test_a_token_is_accepted(header: dict[str, Any], claims: dict[str, Any]) -> None:
    token = compact(USERS.header(**header), USERS.claims("customer", **claims), USERS.key.sign)

    answer = call_view(token, verifier=VERIFIER)

    assert answer.data["subject"] == "customer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_case_of_the_scheme_does_not_matter(scheme: str) -> None:
    answer = call_view(headers={"Authorization": f"{scheme} {USERS.token('customer')}"}, verifier=VERIFIER)

    assert answer.data["subject"] == "customer"


def test_keys_of_different_kinds_may_have_one_name() -> None:
    keys = SigningKey.es256("shared"), SigningKey.rs256("shared"), SigningKey.ed25519("shared")
    verifier = users_verifier(IdentityProvider(*keys))

    answers = [call_view(Issuer(USERS.name, USERS.audience, key).token("customer"), verifier=verifier) for key in keys]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
