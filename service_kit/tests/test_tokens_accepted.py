"""Tokens that are good: who they say the caller is."""

from collections.abc import Callable

import pytest

from service_kit.testing.identity_provider import IdentityProvider, knock, users_verifier
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact


def test_a_caller_is_the_tokens_subject_with_its_scopes() -> None:
    token = USERS.token("customer", "things:read things:write")

    answer = knock(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data == {"subject": "customer", "scopes": ["things:read", "things:write"], "is_service": False}


def test_without_a_token_the_caller_is_nobody() -> None:
    answer = knock()

    assert answer.data == {"subject": "", "scopes": [], "is_service": False}


@pytest.mark.parametrize("make_key", [SigningKey.ed25519, SigningKey.es256, SigningKey.rs256])
def test_each_of_the_three_algorithms_is_accepted(make_key: Callable[[str], SigningKey]) -> None:
    issuer = Issuer(USERS.name, USERS.audience, make_key("of-this-kind"))

    answer = knock(issuer.token("customer"), verifier=users_verifier(IdentityProvider(issuer.key)))

    assert answer.data["subject"] == "customer"


def test_a_token_without_a_scope_gives_none() -> None:
    claims = {name: value for name, value in USERS.claims().items() if name != "scope"}
    without = compact(USERS.header(), claims, USERS.key.sign)

    answer = knock(without, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["scopes"] == []


def test_a_token_may_be_meant_for_others_too() -> None:
    token = USERS.token("customer", aud=["another", USERS.audience])

    answer = knock(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_schemes_name_has_no_case(scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {USERS.token('customer')}"}

    answer = knock(headers=headers, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


def test_a_token_of_an_issuer_whose_clock_is_a_little_ahead_is_accepted() -> None:
    claims = USERS.claims("customer")
    ahead = compact(USERS.header(), {**claims, "iat": int(str(claims["iat"])) + 5}, USERS.key.sign)

    answer = knock(ahead, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.status_code == 200


def test_headers_that_offer_a_key_change_nothing() -> None:
    thief = SigningKey.ed25519("thief")
    header = USERS.header(jwk=thief.public_jwk(), jku="https://thief.test/keys", x5u="https://thief.test", x5c=["MA=="])
    token = compact(header, USERS.claims("customer"), USERS.key.sign)

    answer = knock(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"
