"""Tokens that are accepted: which caller they describe."""

import time
from collections.abc import Callable

import pytest

from service_kit.testing.identity_provider import IdentityProvider, call_view, users_verifier
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact


def test_a_caller_is_the_tokens_subject_with_its_scopes() -> None:
    token = USERS.token("customer", "things:read things:write")

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

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
    without = compact(USERS.header(), claims, USERS.key.sign)

    answer = call_view(without, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["scopes"] == []


def test_a_token_may_have_other_audiences_too() -> None:
    token = USERS.token("customer", aud=["another", USERS.audience])

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_case_of_the_scheme_does_not_matter(scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {USERS.token('customer')}"}

    answer = call_view(headers=headers, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


def test_a_token_of_an_issuer_whose_clock_is_a_little_ahead_is_accepted() -> None:
    claims = USERS.claims("customer")
    ahead = compact(USERS.header(), {**claims, "iat": int(str(claims["iat"])) + 5}, USERS.key.sign)

    answer = call_view(ahead, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "JWT", None])
def test_the_type_of_the_token_does_not_matter(kind: str | None) -> None:
    token = compact(USERS.header(typ=kind), USERS.claims("customer"), USERS.key.sign)

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


def test_times_may_have_fractions_of_seconds() -> None:
    token = USERS.token("customer", iat=time.time() - 0.5, nbf=time.time() - 0.5, exp=time.time() + 60.5)

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


def test_ed25519_is_another_name_of_the_algorithm() -> None:
    token = compact(USERS.header(alg="Ed25519"), USERS.claims("customer"), USERS.key.sign)

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"


def test_keys_of_different_kinds_may_have_one_name() -> None:
    keys = SigningKey.es256("shared"), SigningKey.rs256("shared"), SigningKey.ed25519("shared")
    verifier = users_verifier(IdentityProvider(*keys))

    answers = [call_view(Issuer(USERS.name, USERS.audience, key).token("customer"), verifier=verifier) for key in keys]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_headers_that_offer_a_key_change_nothing() -> None:
    thief = SigningKey.ed25519("thief")
    header = USERS.header(jwk=thief.public_jwk(), jku="https://thief.test/keys", x5u="https://thief.test", x5c=["MA=="])
    token = compact(header, USERS.claims("customer"), USERS.key.sign)

    answer = call_view(token, verifier=users_verifier(IdentityProvider(USERS.key)))

    assert answer.data["subject"] == "customer"
