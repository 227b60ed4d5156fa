"""An identity provider that does not answer: its tokens are neither accepted nor refused as wrong."""

import pytest

from service_kit.testing.identity_provider import Clock, IdentityProvider, call_view, problem_type, users_verifier
from service_kit.testing.tokens import USERS, SigningKey, compact

NEW = SigningKey.ed25519("users-2")


def down() -> IdentityProvider:
    provider = IdentityProvider(USERS.key)
    provider.is_down = True
    return provider


@pytest.mark.parametrize("method", ["POST", "GET"], ids=["where a token is needed", "where none is"])
def test_a_token_that_cannot_be_verified_is_a_503(method: str) -> None:
    answer = call_view(USERS.token("clerk", "things:write"), method=method, verifier=users_verifier(down()))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert problem_type(answer) == "/problems/identity-provider-unavailable"
    assert "WWW-Authenticate" not in answer


def test_requests_without_a_token_are_not_affected() -> None:
    verifier = users_verifier(down())

    assert call_view(method="GET", verifier=verifier).status_code == 200
    assert call_view(method="POST", verifier=verifier).status_code == 401


def test_a_token_that_no_key_could_verify_is_a_401_and_no_key_is_fetched() -> None:
    provider = down()

    answer = call_view(
        compact(USERS.header(alg="none"), USERS.claims(), USERS.key.sign), verifier=users_verifier(provider)
    )

    assert answer.status_code == 401
    assert provider.calls == 0


def test_a_token_of_an_unknown_key_is_a_503_until_the_provider_is_back() -> None:
    provider, clock = IdentityProvider(USERS.key), Clock()
    verifier = users_verifier(provider, clock=clock)
    of_the_new_key = compact(USERS.header(kid=NEW.kid), USERS.claims(iat=clock.now, exp=clock.now + 300), NEW.sign)
    call_view(USERS.token(iat=clock.now, exp=clock.now + 300), verifier=verifier)
    provider.keys, provider.is_down = (USERS.key, NEW), True
    clock.advance(30)
    assert call_view(of_the_new_key, verifier=verifier).status_code == 503
    provider.is_down = False
    clock.advance(5)

    answer = call_view(of_the_new_key, verifier=verifier)

    assert answer.status_code == 200
