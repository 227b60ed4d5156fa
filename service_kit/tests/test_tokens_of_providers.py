"""Tokens as identity providers write them: refused by default where they differ, accepted by a setting."""

import pytest

from service_kit.auth.tokens import TokenVerifier
from service_kit.testing.identity_provider import Clock, IdentityProvider, call_view, users_verifier
from service_kit.testing.tokens import USERS, Issuer, SigningKey, compact, key_set

PROVIDER = IdentityProvider(USERS.key)
STRICT = users_verifier(PROVIDER)
BY_CLIENT = users_verifier(PROVIDER, audience_claim="client_id")  # as Cognito
FROM_SCP = users_verifier(PROVIDER, scope_claim="scp")  # as Entra ID
FROM_LIST = users_verifier(PROVIDER, scope_claim="scp", scope_is_list=True)  # as Okta
WITH_PREFIX = users_verifier(PROVIDER, scope_prefix="shop/")  # as Cognito
ES256, OTHER_ES256, RS256 = SigningKey.es256("ec-1"), SigningKey.es256("ec-2"), SigningKey.rs256("rsa-1")


def test_a_client_stands_for_the_audience_only_by_the_setting() -> None:
    token = USERS.token("customer", aud=None, client_id=USERS.audience)

    assert call_view(token, verifier=STRICT).status_code == 401
    assert call_view(token, verifier=BY_CLIENT).status_code == 200


@pytest.mark.parametrize("client", ["another", "", None, 1, ["another"], {"shop": 1}])
def test_another_client_is_refused(client: object) -> None:
    token = USERS.token("customer", client_id=client)  # its `aud` is right, and does not count

    assert call_view(token, verifier=BY_CLIENT).status_code == 401


@pytest.mark.parametrize(("audience", "status"), [("web", 200), (["mobile", "x"], 200), ("other", 401), ([], 401)])
def test_of_several_audiences_any_one_is_enough(audience: object, status: int) -> None:
    verifier = users_verifier(PROVIDER, audience=("web", "mobile"))

    assert call_view(USERS.token("customer", aud=audience), verifier=verifier).status_code == status


def test_the_scopes_are_in_the_claim_that_the_setting_names() -> None:
    token = USERS.token("customer", "things:write", scp="things:read things:list")

    assert call_view(token, verifier=STRICT).data["scopes"] == ["things:write"]
    assert call_view(token, verifier=FROM_SCP).data["scopes"] == ["things:list", "things:read"]


def test_a_list_of_scopes_is_accepted_only_by_the_setting() -> None:
    token = USERS.token("customer", scp=["things:read", "things:write"])

    assert call_view(token, verifier=FROM_SCP).status_code == 401
    assert call_view(token, verifier=FROM_LIST).data["scopes"] == ["things:read", "things:write"]


def test_a_scope_of_a_list_is_not_split() -> None:
    token = USERS.token("customer", scp=["things:read things:write"])

    assert call_view(token, method="POST", verifier=FROM_LIST).status_code == 403


@pytest.mark.parametrize("scopes", ["things:write", 1, {"things:write": 1}, [1], ["things:write", None], [["x"]]])
def test_a_list_of_scopes_holds_strings_and_nothing_else(scopes: object) -> None:
    token = USERS.token("customer", scp=scopes)

    assert call_view(token, verifier=FROM_LIST).status_code == 401


def test_a_token_without_scopes_has_none_in_any_form() -> None:
    for verifier in (FROM_SCP, FROM_LIST, WITH_PREFIX):
        assert call_view(USERS.token("customer"), verifier=verifier).data["scopes"] == []


def test_a_prefix_is_taken_off_and_scopes_without_it_do_not_count() -> None:
    token = USERS.token("customer", "openid shop/things:read things:write other/things:write shop/shop/things:write")

    assert call_view(token, verifier=STRICT).data["scopes"] == sorted(
        ["openid", "other/things:write", "shop/shop/things:write", "shop/things:read", "things:write"]
    )
    assert call_view(token, verifier=WITH_PREFIX).data["scopes"] == ["shop/things:write", "things:read"]


def any_key(*keys: SigningKey) -> TokenVerifier:
    return users_verifier(IdentityProvider(*keys), requires_kid=False)


def without_kid(key: SigningKey) -> str:
    issuer = Issuer(USERS.name, USERS.audience, key)
    return compact(issuer.header(kid=None), issuer.claims("customer"), key.sign)


def test_a_token_that_names_no_key_is_accepted_only_by_the_setting() -> None:
    assert call_view(without_kid(USERS.key), verifier=STRICT).status_code == 401
    assert call_view(without_kid(USERS.key), verifier=any_key(USERS.key)).status_code == 200


@pytest.mark.parametrize("key", [ES256, OTHER_ES256, RS256], ids=lambda key: key.kid)
def test_it_is_verified_by_any_published_key_of_its_algorithm(key: SigningKey) -> None:
    assert call_view(without_kid(key), verifier=any_key(USERS.key, ES256, OTHER_ES256, RS256)).status_code == 200


def test_a_key_of_another_algorithm_is_not_tried() -> None:
    said_es256 = compact(USERS.header(kid=None, alg="ES256"), USERS.claims(), USERS.key.sign)
    said_rs256 = compact(USERS.header(kid=None, alg="RS256"), USERS.claims(), ES256.sign)
    verifier = any_key(USERS.key, ES256, RS256)

    assert call_view(said_es256, verifier=verifier).status_code == 401
    assert call_view(said_rs256, verifier=verifier).status_code == 401


def test_a_token_that_no_published_key_has_signed_is_refused() -> None:
    assert call_view(without_kid(SigningKey.ed25519("thief")), verifier=any_key(USERS.key, ES256)).status_code == 401


@pytest.mark.parametrize("kid", ["another", "", 1, [USERS.key.kid]])
def test_a_token_that_names_a_key_is_verified_by_no_other(kid: object) -> None:
    token = compact(USERS.header(kid=kid), USERS.claims("customer"), USERS.key.sign)

    assert call_view(token, verifier=any_key(USERS.key)).status_code == 401


def test_a_new_key_is_found_although_the_token_does_not_name_it() -> None:
    clock, provider = Clock(), IdentityProvider(USERS.key)
    verifier = users_verifier(provider, clock=clock, requires_kid=False)
    new = SigningKey.ed25519("users-2")
    claims = USERS.claims("customer", iat=clock.now, exp=clock.now + 300)
    verifier.verify(compact(USERS.header(), claims, USERS.key.sign))
    provider.keys = (USERS.key, new)
    clock.advance(30)

    verified = verifier.verify(compact(USERS.header(kid=None), claims, new.sign))

    assert verified.subject == "customer"


def test_a_published_key_without_a_name_verifies_tokens_without_one() -> None:
    jwk = {name: value for name, value in USERS.key.public_jwk().items() if name != "kid"}
    verifier = users_verifier(lambda: key_set(jwk), requires_kid=False)

    assert call_view(without_kid(USERS.key), verifier=verifier).status_code == 200
    assert call_view(USERS.token(), verifier=verifier).status_code == 401
