"""Verified tokens are cached: for a minute, never past their end, a bounded number of them, and not in clear."""

from collections.abc import Callable

import pytest
from jwt import PyJWK

from service_kit.auth.claims import TokenRefused
from service_kit.auth.issuers import Issuer
from service_kit.auth.keys import KeySet
from service_kit.auth.tokens import TokenVerifier, TrustedIssuer
from service_kit.testing.identity_provider import Clock, IdentityProvider
from service_kit.testing.tokens import USERS, SigningKey


class CountingKeySet(KeySet):
    """Counts its searches: each verification of a signature begins with one."""

    searches = 0

    def find(self, matches: Callable[[PyJWK], bool]) -> PyJWK:
        self.searches += 1
        return super().find(matches)


class Verifying:
    """A verifier, its clock, and how many signatures it has verified."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.provider = IdentityProvider(USERS.key)
        self.keys = CountingKeySet(issuer=USERS.name, read=self.provider, clock=self.clock)
        issuer = TrustedIssuer(Issuer(USERS.name, USERS.audience, jwks=""), self.keys)
        self.verifier = TokenVerifier(issuer, clock=self.clock)

    @property
    def signatures(self) -> int:
        return self.keys.searches

    def token(self, subject: str = "customer", *, lifetime: float = 3600) -> str:
        return USERS.token(subject, iat=self.clock.now, exp=self.clock.now + lifetime)


@pytest.fixture
def verifying() -> Verifying:
    return Verifying()


def test_the_signature_of_a_token_is_verified_once_in_a_minute(verifying: Verifying) -> None:
    token = verifying.token()

    for _ in range(60):
        verifying.verifier.verify(token)
        verifying.clock.advance(1)
    assert verifying.signatures == 1

    verifying.verifier.verify(token)
    assert verifying.signatures == 2


def test_when_the_clock_is_set_back_it_is_verified_again(verifying: Verifying) -> None:
    token = USERS.token(iat=verifying.clock.now - 7200, exp=verifying.clock.now + 3600)
    verifying.verifier.verify(token)
    verifying.clock.advance(-3600)

    verifying.verifier.verify(token)

    assert verifying.signatures == 2


def test_a_cached_token_is_refused_the_instant_it_ends(verifying: Verifying) -> None:
    token = verifying.token(lifetime=20)
    verifying.verifier.verify(token)
    verifying.clock.advance(20)

    with pytest.raises(TokenRefused, match="it has expired"):
        verifying.verifier.verify(token)


def test_a_token_whose_key_is_withdrawn_is_refused_when_key_and_token_are_old(verifying: Verifying) -> None:
    token = verifying.token()
    verifying.verifier.verify(token)
    verifying.provider.keys = (SigningKey.ed25519("users-2"),)
    verifying.clock.advance(600)

    with pytest.raises(TokenRefused, match="no such key"):
        verifying.verifier.verify(token)


def test_tokens_that_differ_in_one_character_are_not_confused(verifying: Verifying) -> None:
    token = verifying.token()
    verifying.verifier.verify(token)
    forged = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]

    with pytest.raises(TokenRefused):
        verifying.verifier.verify(forged)


def test_a_refusal_is_not_cached(verifying: Verifying) -> None:
    early = USERS.token(iat=verifying.clock.now + 100, exp=verifying.clock.now + 3600)
    with pytest.raises(TokenRefused, match="not valid yet"):
        verifying.verifier.verify(early)
    verifying.clock.advance(60)

    claims = verifying.verifier.verify(early)

    assert claims.subject == "customer"


def test_the_cache_starts_anew_when_it_is_full(verifying: Verifying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service_kit.auth.tokens.CACHE_TOKENS", 2)
    first, second, third = (verifying.token(subject) for subject in ("first", "second", "third"))

    for token in (first, second, first, second, third, third, first):
        verifying.verifier.verify(token)

    assert verifying.signatures == 4  # one for each, and one for the first after the third had displaced it


def test_no_token_is_kept_in_clear(verifying: Verifying) -> None:
    token = verifying.token()

    verifying.verifier.verify(token)

    assert token not in repr(vars(verifying.verifier))
    assert token.encode() not in verifying.verifier._cache  # noqa: SLF001 (this is the fact)
