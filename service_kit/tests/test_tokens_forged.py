"""Forged tokens: each is a 401, and none reaches the view."""

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt import get_algorithm_by_name

from service_kit.testing.identity_provider import IdentityProvider, call_view, problem_type, users_verifier
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact

ES256 = SigningKey.es256("es256")
RS256 = SigningKey.rs256("rs256")
THIEF = SigningKey.ed25519("thief")
CHALLENGE = 'Bearer realm="sample_service"'
VERIFIER = users_verifier(IdentityProvider(USERS.key, ES256, RS256))
CLAIMS = USERS.claims("clerk", "things:write")


def hmac_with(secret: bytes) -> Callable[[bytes], bytes]:
    """Sign as HS256 does, with a secret that a library would recognise as a public key and refuse."""
    algorithm = get_algorithm_by_name("HS256")
    return lambda message: algorithm.sign(message, secret)


def unsigned(message: bytes) -> bytes:
    return b""


PEM = RS256.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
FORGERIES = {
    **{f"alg {alg}": compact(USERS.header(alg=alg), CLAIMS, unsigned) for alg in ("none", "None", "nOnE", "")},
    "alg none without a kid": compact(USERS.header(alg="none", kid=None), CLAIMS, unsigned),
    "alg missing": compact(USERS.header(alg=None), CLAIMS, USERS.key.sign),
    "alg a list": compact(USERS.header(alg=["EdDSA"]), CLAIMS, USERS.key.sign),
    "alg of another kind of Edwards key": compact(USERS.header(alg="Ed448"), CLAIMS, USERS.key.sign),
    "alg a number": compact(USERS.header(alg=1), CLAIMS, USERS.key.sign),
    "HS256 with the public key as PEM": compact(USERS.header(alg="HS256", kid="rs256"), CLAIMS, hmac_with(PEM)),
    "HS256 with the public key as JWK": compact(
        USERS.header(alg="HS256", kid="rs256"), CLAIMS, hmac_with(json.dumps(RS256.public_jwk()).encode())
    ),
    "HS256 signed, RS256 said": compact(USERS.header(alg="RS256", kid="rs256"), CLAIMS, hmac_with(PEM)),
    "EdDSA signed, ES256 said": compact(USERS.header(alg="ES256"), CLAIMS, USERS.key.sign),
    "Ed25519 said, key of ES256": compact(USERS.header(alg="Ed25519", kid="es256"), CLAIMS, USERS.key.sign),
    "EdDSA signed, key of ES256": compact(USERS.header(kid="es256"), CLAIMS, USERS.key.sign),
    "ES256 signed, RS256 said": compact(USERS.header(alg="RS256", kid="es256"), CLAIMS, ES256.sign),
    "RS256 key, PS256 said": compact(USERS.header(alg="PS256", kid="rs256"), CLAIMS, RS256.sign),
    "RS256 key, RS512 said": compact(USERS.header(alg="RS512", kid="rs256"), CLAIMS, RS256.sign),
    "another's signature": compact(USERS.header(), CLAIMS, THIEF.sign),
    "another's key, offered as jwk": compact(USERS.header(jwk=THIEF.public_jwk()), CLAIMS, THIEF.sign),
    "another's key, offered as jwk alone": compact(USERS.header(jwk=THIEF.public_jwk(), kid=None), CLAIMS, THIEF.sign),
    "another's key, offered by jku": compact(USERS.header(kid="thief", jku="https://x.test"), CLAIMS, THIEF.sign),
    "another's key, offered by x5u": compact(USERS.header(kid="thief", x5u="https://x.test"), CLAIMS, THIEF.sign),
    "another's key, offered as x5c": compact(USERS.header(x5c=["MIIB"]), CLAIMS, THIEF.sign),
    "a key that is an address": compact(USERS.header(kid="https://x.test/jwks"), CLAIMS, THIEF.sign),
    "no signature": compact(USERS.header(), CLAIMS, unsigned),
    "a signature of zeros": compact(USERS.header(kid="es256", alg="ES256"), CLAIMS, lambda _: bytes(64)),
    "a signature that is too long": compact(USERS.header(), CLAIMS, lambda message: USERS.key.sign(message) + b"\0"),
    **{
        f"kid {ascii(kid)[:40]}": compact(USERS.header(kid=kid), CLAIMS, USERS.key.sign)
        for kid in (None, 1, {"$ne": ""}, ["users-1"], "", "../../../../etc/passwd", "users-1\0", "\ud800", "k" * 4000)
    },
    "kid a device": compact(USERS.header(kid="/dev/null"), CLAIMS, hmac_with(b"\0")),
    "kid SQL": compact(USERS.header(kid="x' UNION SELECT 'secret'; --"), CLAIMS, USERS.key.sign),
    **{f"crit {crit}": compact(USERS.header(crit=crit), CLAIMS, USERS.key.sign) for crit in (["exp"], [], "b64")},
    **{f"b64 {b64}": compact(USERS.header(crit=["b64"], b64=b64), CLAIMS, USERS.key.sign) for b64 in (True, False)},
    **{
        f"header {header[:20]!r}": compact(header, CLAIMS, USERS.key.sign)
        for header in (b"[]", b"{", b'{"alg":"\xff"}', b"[" * 2000)
    },
    **{
        f"payload {payload[:20]!r}": compact(USERS.header(), payload, USERS.key.sign)
        for payload in (b"[]", b"null", b"{", b'{"sub":"\xff"}', b"[" * 2000, b'{"exp":' + b"9" * 5000 + b"}")
    },
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_is_refused(forgery: str) -> None:
    answer = call_view(forgery, method="POST", verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, f'{CHALLENGE}, error="invalid_token"')


def test_a_forged_token_is_refused_even_where_none_is_needed() -> None:
    answer = call_view(FORGERIES["alg none"], method="GET", verifier=VERIFIER)

    assert answer.status_code == 401


def test_the_refusal_is_a_problem_that_repeats_nothing_of_the_token() -> None:
    answer = call_view(FORGERIES["kid SQL"], verifier=VERIFIER)

    assert problem_type(answer) == "/problems/not-authenticated"
    assert b"UNION" not in answer.content


def test_a_token_is_refused_if_any_of_its_characters_is_changed() -> None:
    token = Issuer(USERS.name, USERS.audience, USERS.key).token("clerk", "things:write")
    spoiled = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token), 7)]

    answers = {call_view(one, verifier=VERIFIER).status_code for one in spoiled}

    assert answers == {401}


@given(header=st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.floats() | st.text(), max_size=4))
def test_no_header_of_a_token_is_an_unexpected_error(header: dict[str, object]) -> None:
    forgery = compact({**USERS.header(), **header, "kid": "users-1"}, CLAIMS, THIEF.sign)

    answer = call_view(forgery, verifier=VERIFIER)

    assert answer.status_code == 401


@given(text=st.text(st.characters(max_codepoint=255), max_size=80))
def test_no_authorization_header_is_an_unexpected_error(text: str) -> None:
    answer = call_view(headers={"Authorization": text}, verifier=VERIFIER)

    assert answer.status_code in {400, 401}
