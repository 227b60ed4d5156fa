"""Key sets as issuers publish them: which of their keys are used."""

from collections.abc import Iterable
from typing import Any

import pytest
from jwt import PyJWK

from service_kit.auth.jwks import KeySetUnusable, parse_key_set
from service_kit.testing.tokens import SigningKey, key_set

GOOD = SigningKey.ed25519("good")
EC = SigningKey.es256("ec").public_jwk()
RSA = SigningKey.rs256("rsa").public_jwk()
UNUSABLE: dict[str, object] = {
    "kid a number": {**GOOD.public_jwk(), "kid": 1},
    **{f"use {use}": {**RSA, "use": use} for use in ("enc", ["sig"])},
    **{f"key_ops {operations}": {**RSA, "key_ops": operations} for operations in (["sign"], "verify")},
    **{f"alg {alg}": {**RSA, "alg": alg} for alg in ("RS512", "RSA-OAEP", "", ["RS256"])},
    "private": SigningKey.ed25519("private").private_jwk(),
    "private RSA": SigningKey.rs256("private").private_jwk(),
    "symmetric": {"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "HS256"},
    "symmetric that says RS256": {"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "RS256"},
    "RSA of 1024 bits": SigningKey.rs256("short", bits=1024).public_jwk(),
    "RSA without a modulus": {**RSA, "n": None},
    **{f"{jwk['kty']} for Ed25519": {**jwk, "alg": "Ed25519"} for jwk in (EC, RSA)},
    "another curve": {**EC, "crv": "P-384"},
    "secp256k1": {**EC, "crv": "secp256k1"},
    "Ed448": {**GOOD.public_jwk(), "crv": "Ed448"},
    "a point off the curve": {**EC, "x": EC["y"], "y": EC["x"]},
    "coordinates that are numbers": {**EC, "x": 1},
    "no base64": {**GOOD.public_jwk(), "x": "%%%"},
    "too short": {**GOOD.public_jwk(), "x": "AAAA"},
    "kty missing": {"kid": "what"},
    "kty a list": {"kid": "what", "kty": ["RSA"]},
    "a word": "key",
    "null": None,
}


def names(keys: Iterable[PyJWK]) -> list[str | None]:
    return [key.key_id for key in keys]


@pytest.mark.parametrize("jwk", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_key_is_left_out_and_the_others_stay(jwk: Any) -> None:
    keys = parse_key_set(key_set(jwk, GOOD.public_jwk()))

    assert names(keys) == ["good"]


def test_keys_of_the_three_kinds_are_used_each_for_its_own_algorithm() -> None:
    keys = parse_key_set(key_set(GOOD.public_jwk(), EC, RSA))

    assert [(key.key_id, key.algorithm_name) for key in keys] == [("good", "EdDSA"), ("ec", "ES256"), ("rsa", "RS256")]


def test_a_key_may_leave_its_use_and_algorithm_open() -> None:
    jwk = {name: value for name, value in GOOD.public_jwk().items() if name not in {"use", "alg"}}

    assert names(parse_key_set(key_set(jwk))) == ["good"]


def test_a_key_may_be_for_ed25519_by_that_name() -> None:
    assert names(parse_key_set(key_set({**GOOD.public_jwk(), "alg": "Ed25519"}))) == ["good"]


def test_a_key_may_have_no_name() -> None:
    jwk = {name: value for name, value in GOOD.public_jwk().items() if name != "kid"}

    assert names(parse_key_set(key_set(jwk))) == [None]


@pytest.mark.parametrize(
    "document",
    [
        *(b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5000, b'{"keys": {}}', b'{"keys": null}', b'{"keys": []}'),
        key_set(EC)[:-5],
    ],
)
def test_a_document_that_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(KeySetUnusable):
        parse_key_set(document)
