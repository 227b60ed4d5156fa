"""The tokens that this service signs: what they say, how long they are handed out, and with which keys."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from service_kit.auth.service_token import ServiceTokens, service_token, signing_key
from service_kit.testing.identity_provider import Clock
from service_kit.testing.tokens import SigningKey

KEY = SigningKey.ed25519("sample-service-1")
START = 1_000_000


def read(token: str, key: SigningKey = KEY) -> dict[str, Any]:
    """Verify as the other service does, but for the times."""
    return jwt.decode_complete(
        token,
        jwt.PyJWK.from_dict(key.public_jwk()),
        algorithms=["EdDSA"],
        audience="other_service",
        issuer="sample_service",
        options={"verify_exp": False, "verify_iat": False},
    )


def signer(clock: Clock) -> ServiceTokens:
    key = signing_key(json.dumps(KEY.private_jwk()))
    return ServiceTokens(key, issuer="sample_service", audience="other_service", scope="things:count", clock=clock)


def test_a_token_says_who_for_whom_what_and_for_how_long() -> None:
    token = read(signer(Clock(START)).current())

    assert token["header"] == {"typ": "JWT", "alg": "EdDSA", "kid": "sample-service-1"}
    assert token["payload"] == {
        "iss": "sample_service",
        "sub": "sample_service",
        "aud": "other_service",
        "scope": "things:count",
        "iat": START,
        "exp": START + 300,
    }


def test_a_token_is_handed_out_until_its_last_minute_begins() -> None:
    clock = Clock(START)
    tokens = signer(clock)
    first = tokens.current()

    clock.advance(239.9)
    assert tokens.current() == first

    clock.advance(0.1)
    assert read(tokens.current())["payload"]["iat"] == START + 240


def test_a_token_is_signed_anew_when_a_clock_that_was_ahead_is_set_back() -> None:
    clock = Clock(START)
    tokens = signer(clock)
    tokens.current()

    clock.advance(-3600)

    assert read(tokens.current())["payload"]["iat"] == START - 3600


def test_threads_that_come_at_the_same_moment_get_the_same_token() -> None:
    tokens = signer(Clock(START))

    with ThreadPoolExecutor(8) as threads:
        handed_out = set(threads.map(lambda _: tokens.current(), range(64)))

    assert len(handed_out) == 1


def test_the_key_is_the_one_of_the_settings(settings: Settings) -> None:
    another = SigningKey.ed25519("sample-service-2")
    settings.SERVICE_TOKEN_KEY = json.dumps(another.private_jwk())

    token = service_token(audience="other_service", scope="things:count")

    assert read(token, another)["header"]["kid"] == "sample-service-2"
    assert service_token(audience="other_service", scope="things:count") == token


def test_each_service_that_is_called_gets_a_token_of_its_own(settings: Settings) -> None:
    settings.SERVICE_TOKEN_KEY = json.dumps(KEY.private_jwk())

    token = service_token(audience="third_service", scope="things:move")

    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["scope"]) == ("third_service", "things:move")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="nothing"),
        pytest.param("-----BEGIN PRIVATE KEY-----", id="PEM"),
        pytest.param("[]", id="a list"),
        pytest.param(json.dumps(KEY.public_jwk()), id="a public key"),
        pytest.param(json.dumps({**KEY.private_jwk(), "kid": ""}), id="no kid"),
        pytest.param(json.dumps({**KEY.private_jwk(), "crv": "Ed448"}), id="another curve"),
        pytest.param(
            json.dumps({**KEY.private_jwk(), "x": SigningKey.ed25519("other").public_jwk()["x"]}), id="halves"
        ),
        pytest.param(json.dumps({**KEY.private_jwk(), "d": "c2VjcmV0"}), id="too short"),
        pytest.param(json.dumps(SigningKey.es256("ec").private_jwk()), id="another kind"),
        pytest.param(json.dumps({"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}), id="a shared secret"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        signing_key(key)

    assert str(refusal.value).startswith("SERVICE_TOKEN_KEY ")
    assert not any(secret in str(refusal.value) for secret in (str(KEY.private_jwk()["d"]), "c2VjcmV0"))
    assert refusal.value.__cause__ is None
