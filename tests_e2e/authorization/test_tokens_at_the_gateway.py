"""Tokens in unusual places and shapes, sent through the gateway: none of them is accepted."""

import httpx
import pytest

from driver.shop import Actor, Shop
from driver.tokens import service_token, unsigned
from support.problems import assert_problem

ORDERS = "/api/v1/orders/"


def get(shop: Shop, *headers: tuple[str, str], params: dict[str, str] | None = None) -> httpx.Response:
    """Request the orders with exactly these headers, which may repeat a name."""
    return httpx.get(shop.public_url + ORDERS, headers=list(headers), params=params, trust_env=False)


def test_one_good_token_gets_in(shop: Shop, customer: Actor) -> None:
    assert get(shop, ("Authorization", f"Bearer {customer.token}")).status_code == 200


def test_two_authorization_headers_do_not(shop: Shop, customer: Actor, clerk: Actor) -> None:
    answer = get(shop, ("Authorization", f"Bearer {customer.token}"), ("Authorization", f"Bearer {clerk.token}"))

    assert answer.status_code in {400, 401}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_in_the_address_does_not(shop: Shop, customer: Actor) -> None:
    answer = get(shop, params={"access_token": customer.token or ""})

    assert_problem(answer, "not-authenticated", 401)


@pytest.mark.since("order_service", "0.2.0")
def test_a_request_without_a_token_is_told_the_realm(shop: Shop) -> None:
    assert get(shop).headers["WWW-Authenticate"] == 'Bearer realm="order_service"'


def test_a_token_of_100_kilobytes_does_not(shop: Shop, customer: Actor) -> None:
    answer = get(shop, ("Authorization", f"Bearer {customer.token}{'x' * 100_000}"))

    assert_problem(answer, "headers-too-large", 431)


def test_a_token_of_10_kilobytes_does_not(shop: Shop, customer: Actor) -> None:
    answer = get(shop, ("Authorization", f"Bearer {customer.token}{'x' * 10_000}"))

    assert answer.status_code in {401, 431}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unsigned_token_does_not(shop: Shop) -> None:
    assert_problem(shop.bearer(unsigned(shop.keys)).list_orders(), "not-authenticated", 401)


def test_basic_authentication_does_not(shop: Shop) -> None:
    assert_problem(get(shop, ("Authorization", "Basic Y2xlcms6c2VjcmV0")), "not-authenticated", 401)


def test_a_service_that_claims_a_users_scopes_has_none_of_them(shop: Shop) -> None:
    pretender = shop.bearer(service_token(shop.keys, scope="catalog:write orders:manage"))

    assert_problem(pretender.create_product(name="Desk lamp"), "permission-denied", 403)
    assert_problem(pretender.list_orders(), "not-authenticated", 401)
