"""An identity provider that does not answer: nobody is let in, and nobody is blamed."""

from service_kit.testing.identity_provider import Clock, IdentityProvider, knock, problem, users_verifier
from service_kit.testing.tokens import USERS, SigningKey, compact

NEW = SigningKey.ed25519("users-2")


def down() -> IdentityProvider:
    provider = IdentityProvider(USERS.key)
    provider.is_down = True
    return provider


def test_a_token_that_nobody_can_verify_is_a_503() -> None:
    answer = knock(USERS.token("clerk", "things:write"), method="POST", verifier=users_verifier(down()))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert problem(answer) == "/problems/identity-provider-unavailable"
    assert "WWW-Authenticate" not in answer


def test_it_is_a_503_even_where_anyone_may_come() -> None:
    answer = knock(USERS.token(), method="GET", verifier=users_verifier(down()))

    assert answer.status_code == 503


def test_who_sends_no_token_is_not_concerned() -> None:
    verifier = users_verifier(down())

    assert knock(method="GET", verifier=verifier).status_code == 200
    assert knock(method="POST", verifier=verifier).status_code == 401


def test_a_token_that_no_key_could_make_good_is_a_401_without_with_target_keys() -> None:
    provider = down()

    answer = knock(compact(USERS.header(alg="none"), USERS.claims(), USERS.key.sign), verifier=users_verifier(provider))

    assert answer.status_code == 401
    assert provider.calls == 0


def test_a_token_of_an_unknown_key_is_a_503_while_the_provider_is_down_and_good_when_it_is_back() -> None:
    provider, clock = IdentityProvider(USERS.key), Clock()
    verifier = users_verifier(provider, clock=clock)
    of_the_new_key = compact(USERS.header(kid=NEW.kid), USERS.claims(iat=clock.now, exp=clock.now + 300), NEW.sign)
    knock(USERS.token(iat=clock.now, exp=clock.now + 300), verifier=verifier)
    provider.keys, provider.is_down = (USERS.key, NEW), True
    clock.turn(30)
    assert knock(of_the_new_key, verifier=verifier).status_code == 503
    provider.is_down = False
    clock.turn(5)

    answer = knock(of_the_new_key, verifier=verifier)

    assert answer.status_code == 200


def test_a_token_of_a_known_key_is_good_while_the_provider_is_down() -> None:
    provider, clock = IdentityProvider(USERS.key), Clock()
    verifier = users_verifier(provider, clock=clock)
    knock(USERS.token("first", iat=clock.now, exp=clock.now + 300), verifier=verifier)
    provider.is_down = True
    clock.turn(1800)

    answer = knock(USERS.token("second", iat=clock.now, exp=clock.now + 300), verifier=verifier)

    assert answer.data["subject"] == "second"
