"""Where a token may stand: once, in the Authorization header, and in no other place."""

import pytest

from service_kit.testing.identity_provider import IdentityProvider, knock, users_verifier
from service_kit.testing.tokens import USERS

TOKEN = USERS.token("clerk", "things:write")
VERIFIER = users_verifier(IdentityProvider(USERS.key))


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Token {TOKEN}",
        f"Bearer  {TOKEN} ",
        f"Bearer\t{TOKEN}",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN}.{TOKEN}",
        f"Bearer {TOKEN}=",
        f"Bearer {TOKEN}\n",
        f"Bearer Bearer {TOKEN}",
        f'Bearer token="{TOKEN}"',
        "Bearer " + TOKEN.rsplit(".", 1)[0],
        "Bearer " + TOKEN.rsplit(".", 1)[0] + ".",
        "Bearer ..",
        "Bearer \u00e9.\u00e9.\u00e9",
    ],
)
def test_what_is_not_exactly_one_bearer_token_is_refused(header: str) -> None:
    answer = knock(headers={"Authorization": header}, verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


@pytest.mark.parametrize("first", [f"Bearer {TOKEN}", "Bearer forged", "Basic Og==", ""])
def test_two_authorization_headers_are_refused(first: str) -> None:
    joined_as_servers_do = f"{first},Bearer {TOKEN}"

    answer = knock(headers={"Authorization": joined_as_servers_do}, verifier=VERIFIER)

    assert answer.status_code == 401


@pytest.mark.parametrize("size", [8 * 1024, 100 * 1024])
def test_a_large_token_is_refused_although_it_is_good(size: int) -> None:
    answer = knock(USERS.token("clerk", "things:write", padding="x" * size), verifier=VERIFIER)

    assert answer.status_code == 401


def test_a_large_token_is_refused_before_it_is_looked_into() -> None:
    provider = IdentityProvider(USERS.key)

    knock(USERS.token(padding="x" * 100 * 1024), verifier=users_verifier(provider))

    assert provider.calls == 0


@pytest.mark.parametrize("name", ["access_token", "token", "Authorization", "jwt"])
def test_a_token_in_the_address_is_no_token(name: str) -> None:
    answer = knock(method="POST", path=f"/door?{name}={TOKEN}", verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("name", ["Cookie", "X-Access-Token", "Proxy-Authorization", "X-Authorization"])
def test_a_token_in_another_header_is_no_token(name: str) -> None:
    answer = knock(method="POST", headers={name: f"Bearer {TOKEN}"}, verifier=VERIFIER)

    assert answer.status_code == 401
