"""Verified tokens are remembered: for a minute, never past their end, and only as many as there is room for."""

import jwt
import pytest

from service_kit.auth.token_cache import Remembered
from service_kit.auth.tokens import TokenRefused, TokenVerifier
from service_kit.testing.identity_provider import Clock, IdentityProvider, users_verifier
from service_kit.testing.tokens import USERS, SigningKey


class Verifying:
    """A verifier, and how many signatures it has checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        self.provider = IdentityProvider(USERS.key)
        self.verifier: TokenVerifier = users_verifier(self.provider, clock=self.clock)
        self.signatures = 0
        self._decode = jwt.decode
        monkeypatch.setattr(jwt, "decode", self._count)

    def _count(self, *args: object, **kwargs: object) -> object:
        self.signatures += 1
        return self._decode(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came

    def token(self, *, lifetime: float = 3600) -> str:
        return USERS.token("customer", iat=self.clock.now, exp=self.clock.now + lifetime)


@pytest.fixture
def verifying(monkeypatch: pytest.MonkeyPatch) -> Verifying:
    return Verifying(monkeypatch)


def test_the_signature_of_a_token_is_checked_once_in_a_minute(verifying: Verifying) -> None:
    token = verifying.token()

    for _ in range(60):
        verifying.verifier.verify(token)
        verifying.clock.turn(1)

    assert verifying.signatures == 1


def test_after_a_minute_it_is_checked_again(verifying: Verifying) -> None:
    token = verifying.token()
    verifying.verifier.verify(token)
    verifying.clock.turn(60)

    verifying.verifier.verify(token)

    assert verifying.signatures == 2


def test_a_remembered_token_is_refused_the_instant_it_ends(verifying: Verifying) -> None:
    token = verifying.token(lifetime=20)
    verifying.verifier.verify(token)
    verifying.clock.turn(20)

    with pytest.raises(TokenRefused, match="it has expired"):
        verifying.verifier.verify(token)


def test_a_token_whose_key_is_withdrawn_is_refused_when_key_and_token_are_old(verifying: Verifying) -> None:
    token = verifying.token()
    verifying.verifier.verify(token)
    verifying.provider.keys = (SigningKey.ed25519("users-2"),)
    verifying.clock.turn(600)

    with pytest.raises(TokenRefused, match="no such key"):
        verifying.verifier.verify(token)


def test_tokens_that_differ_in_one_bit_are_not_taken_for_each_other(verifying: Verifying) -> None:
    token = verifying.token()
    verifying.verifier.verify(token)
    forged = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]

    with pytest.raises(TokenRefused):
        verifying.verifier.verify(forged)


def test_a_refusal_is_not_remembered(verifying: Verifying) -> None:
    early = USERS.token(iat=verifying.clock.now + 60, exp=verifying.clock.now + 3600)
    with pytest.raises(TokenRefused, match="not valid yet"):
        verifying.verifier.verify(early)
    verifying.clock.turn(60)

    claims = verifying.verifier.verify(early)

    assert claims.subject == "customer"


def test_the_value_that_was_not_needed_for_longest_makes_room() -> None:
    remembered: Remembered[str, int] = Remembered(capacity=2)
    remembered.put("first", 1, until=100)
    remembered.put("second", 2, until=100)
    remembered.get("first", now=0)

    remembered.put("third", 3, until=100)

    assert [remembered.get(name, now=0) for name in ("first", "second", "third")] == [1, None, 3]


def test_a_value_is_forgotten_when_its_time_is_over() -> None:
    remembered: Remembered[str, int] = Remembered(capacity=2)
    remembered.put("one", 1, until=100)

    assert remembered.get("one", now=99.9) == 1
    assert remembered.get("one", now=100) is None
