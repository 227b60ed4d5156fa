"""The Authorization header: exactly one token, no other place for it, and refusals that say what is wrong."""

import pytest

from service_kit.testing.identity_provider import IdentityProvider, call_view, problem_type, users_verifier
from service_kit.testing.tokens import USERS

TOKEN = USERS.token("clerk", "things:write")
VERIFIER = users_verifier(IdentityProvider(USERS.key))
CHALLENGE = 'Bearer realm="sample_service"'


@pytest.mark.parametrize(
    "header",
    [
        *("", " ", "Bearer", "Bearer ", "bearer", f"Bearer  {TOKEN} ", f"Bearer\t{TOKEN}", f"Bearer {TOKEN} {TOKEN}"),
        *(f"Basic,{TOKEN}", f"Bearer {TOKEN}\n", f"Bearer Bearer {TOKEN}", f'Bearer token="{TOKEN}"'),
        *(f"Bearer {TOKEN}=A", "Bearer \u00e9.\u00e9.\u00e9", f"\u00e9 {TOKEN}"),
    ],
)
def test_a_malformed_header_is_an_invalid_request(header: str) -> None:
    answer = call_view(headers={"Authorization": header}, verifier=VERIFIER)

    assert (answer.status_code, problem_type(answer)) == (400, "/problems/invalid-request")
    assert answer["WWW-Authenticate"] == f'{CHALLENGE}, error="invalid_request"'
    assert answer.data["detail"] == "The Authorization header must be the word Bearer, a space and one access token."


@pytest.mark.parametrize("header", ["Basic Y2xlcms6c2VjcmV0", "basic", f"Token {TOKEN}", f"DPoP {TOKEN}", TOKEN])
def test_another_scheme_gets_a_challenge_and_is_told_the_right_one(header: str) -> None:
    answer = call_view(headers={"Authorization": header}, verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, CHALLENGE)
    assert "must use the scheme Bearer" in answer.data["detail"]
    assert TOKEN not in answer.data["detail"]


@pytest.mark.parametrize(
    "token",
    ["xyz", "..", f"{TOKEN}.{TOKEN}", f"{TOKEN}=", f"~{TOKEN}", TOKEN.rsplit(".", 1)[0], TOKEN.rsplit(".", 1)[0] + "."],
)
def test_a_token_that_is_no_signed_jwt_is_an_invalid_token(token: str) -> None:
    answer = call_view(headers={"Authorization": f"Bearer {token}"}, verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, f'{CHALLENGE}, error="invalid_token"')
    assert answer.data["detail"] == "The access token is refused: it is not a signed JSON Web Token."


@pytest.mark.parametrize(
    ("first", "status"), [(f"Bearer {TOKEN}", 400), ("Bearer forged", 400), ("Basic Og==", 401), ("", 400)]
)
def test_two_authorization_headers_are_refused(first: str, status: int) -> None:
    joined_as_servers_do = f"{first},Bearer {TOKEN}"

    answer = call_view(headers={"Authorization": joined_as_servers_do}, verifier=VERIFIER)

    assert answer.status_code == status


@pytest.mark.parametrize("size", [8 * 1024, 100 * 1024])
def test_a_large_token_is_refused_although_it_is_valid_and_before_its_keys_are_fetched(size: int) -> None:
    provider = IdentityProvider(USERS.key)

    answer = call_view(USERS.token("clerk", padding="x" * size), verifier=users_verifier(provider))

    assert provider.calls == 0
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, f'{CHALLENGE}, error="invalid_token"')
    assert answer.data["detail"] == "The access token is refused: it is larger than 8 KiB."


@pytest.mark.parametrize("name", ["access_token", "token", "Authorization", "jwt"])
def test_a_token_in_the_url_is_ignored(name: str) -> None:
    answer = call_view(method="POST", path=f"/protected?{name}={TOKEN}", verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, CHALLENGE)


@pytest.mark.parametrize("name", ["Cookie", "X-Access-Token", "Proxy-Authorization", "X-Authorization"])
def test_a_token_in_another_header_is_ignored(name: str) -> None:
    answer = call_view(method="POST", headers={name: f"Bearer {TOKEN}"}, verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, CHALLENGE)
