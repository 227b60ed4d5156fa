"""Tokens with a valid signature and claims that are missing, of the wrong kind, or out of their time."""

import time

import pytest

from service_kit.auth.claims import TokenRefused
from service_kit.testing.identity_provider import Clock, IdentityProvider, call_view, users_verifier
from service_kit.testing.tokens import USERS, compact

NOW = int(time.time())
HOUR = 3600
VERIFIER = users_verifier(IdentityProvider(USERS.key))
MALFORMED: dict[str, list[object]] = {
    "exp": [None, "", "1e99", str(NOW + HOUR), True, [], {}, float("nan"), float("inf"), -1, 0],
    "iat": [None, "", str(NOW), True, [], {}, float("nan"), float("inf"), NOW + HOUR, 10**400],
    "nbf": [None, "", str(NOW), True, [], {}, float("nan"), float("inf"), NOW + HOUR, 10**400],
    "iss": [
        None,
        "",
        1,
        True,
        [],
        [USERS.name],
        {},
        "https://issuer.test/",
        "HTTPS://ISSUER.TEST",
        "https://thief.test",
    ],
    "aud": [None, "", 1, True, [], [[]], [1, USERS.audience], {}, {USERS.audience: 1}, "SHOP", "shop2", ["another"]],
    "sub": [
        *(None, "", 1, True, [], {}, "a\0b", "a\nb", "\ud800", "s" * 256),
        # They could be taken for a clerk.
        *("admin:root1", "admin:", "Admin:root1", " admin:root1", "\uff41dmin:root1", "admin\uff1aroot1"),
    ],
    "scope": [None, 1, True, ["things:write"], {"things:write": True}],
    "jti": [1],
}


@pytest.mark.parametrize("claim", ["exp", "iat", "iss", "aud", "sub"])
def test_a_token_without_one_of_the_required_claims_is_refused(claim: str) -> None:
    claims = {name: value for name, value in USERS.claims().items() if name != claim}

    answer = call_view(compact(USERS.header(), claims, USERS.key.sign), verifier=VERIFIER)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("claim", "value"),
    # The ids count, for the values tell the time, which differs between processes.
    [pytest.param(claim, it, id=f"{claim}-{n}") for claim, values in MALFORMED.items() for n, it in enumerate(values)],
)
def test_a_claim_of_the_wrong_kind_or_content_is_refused(claim: str, value: object) -> None:
    claims = {**USERS.claims(), claim: value}

    answer = call_view(compact(USERS.header(), claims, USERS.key.sign), verifier=VERIFIER)

    assert answer.status_code == 401


@pytest.mark.parametrize("subject", ["admin", "administrator:1", "the admin:root1", "auth0|admin:1", "s" * 255])
def test_a_subject_that_only_resembles_a_clerk_is_accepted(subject: str) -> None:
    answer = call_view(USERS.token(subject), verifier=VERIFIER)

    assert answer.data["subject"] == subject


@pytest.mark.parametrize(("offset", "is_good"), [(0.5, True), (0, False), (-0.5, False), (-HOUR, False)])
def test_the_end_is_exact(offset: float, *, is_good: bool) -> None:
    assert accepts(exp=NOW + offset) is is_good


@pytest.mark.parametrize("claim", ["iat", "nbf"])
@pytest.mark.parametrize(("offset", "is_good"), [(-HOUR, True), (60, True), (61, False), (HOUR, False)])
def test_a_beginning_may_be_a_minute_ahead(claim: str, offset: int, *, is_good: bool) -> None:
    assert accepts(**{claim: NOW + offset}) is is_good


def accepts(**changes: object) -> bool:
    provider = IdentityProvider(USERS.key)
    verifier = users_verifier(provider, clock=Clock(NOW))
    try:
        verifier.verify(USERS.token("customer", "", **{"exp": NOW + HOUR, "iat": NOW, **changes}))
    except TokenRefused:
        return False
    return True
