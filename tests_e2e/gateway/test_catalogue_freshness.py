"""Reads of the catalogue without a token are at most a second old; with a token, they are current."""

import time

import pytest

from driver.shop import Actor, Shop, unique
from driver.waiting import eventually
from gateway.seconds import until_the_next_second
from support.problems import assert_problem

SECOND = 1.0
SLACK = 0.5  # seconds, for a busy machine


@pytest.fixture
def nobody(shop: Shop) -> Actor:
    return shop.anonymous()


def test_readers_without_a_token_see_a_change_of_stock_within_a_second(
    nobody: Actor, customer: Actor, clerk: Actor
) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp"), stock_quantity=10).json()["id"]
    nobody.get_product(product_id)

    customer.place_order(product_id=product_id, quantity=3)

    eventually(
        lambda: nobody.get_product(product_id).json()["stock_quantity"], lambda left: left == 7, within=SECOND + SLACK
    )


def test_repeated_reads_are_never_older_than_a_second(nobody: Actor, clerk: Actor) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp"), stock_quantity=0).json()["id"]
    written: list[float] = []

    for number in range(1, 30):
        clerk.adjust_stock(product_id, delta=1, reason="counted")
        written.append(asked := time.monotonic())
        seen = nobody.get_product(product_id).json()["stock_quantity"]
        assert seen == number or asked - written[seen] < SECOND + SLACK
        time.sleep(0.05)


def test_readers_with_a_token_see_it_at_once(nobody: Actor, customer: Actor, clerk: Actor) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp"), stock_quantity=10).json()["id"]
    until_the_next_second()
    nobody.get_product(product_id)

    customer.place_order(product_id=product_id, quantity=3)

    assert customer.get_product(product_id).json()["stock_quantity"] == 7


def test_readers_without_a_token_never_see_what_only_staff_may_see(nobody: Actor, clerk: Actor) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp"), is_active=False).json()["id"]
    until_the_next_second()

    shown = clerk.get_product(product_id)

    assert shown.status_code == 200
    assert_problem(nobody.get_product(product_id), "not-found", 404)


def test_pages_and_filters_are_kept_apart(nobody: Actor, clerk: Actor) -> None:
    word = unique("lamp")
    names = [clerk.create_product(name=f"{word} {letter}").json()["name"] for letter in "abc"]
    until_the_next_second()

    first = nobody.list_products(name=word, page_size=2)
    second = nobody.request("GET", first.json()["next"])
    backwards = nobody.list_products(name=word, page_size=2, ordering="-name")

    assert [one["name"] for one in first.json()["results"] + second.json()["results"]] == names
    assert [one["name"] for one in backwards.json()["results"]] == names[:0:-1]


def test_readers_that_have_the_state_get_304_with_and_without_a_token(nobody: Actor, clerk: Actor) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp")).json()["id"]
    path = f"/api/v1/products/{product_id}/"
    tag = clerk.get_product(product_id).headers["ETag"]
    until_the_next_second()

    answers = [actor.request("GET", path, headers={"If-None-Match": tag}) for actor in (nobody, nobody, clerk)]

    assert [(answer.status_code, answer.headers["ETag"]) for answer in answers] == [(304, tag)] * 3
    assert [answer.headers.get("Age") for answer in answers] == [None, "0", None]


def test_a_refused_filter_is_refused_again(nobody: Actor) -> None:
    answers = [nobody.list_products(unheard_of="1") for _ in range(2)]

    for answer in answers:
        assert_problem(answer, "invalid-request", 400)
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_header_of_one_reader_changes_what_the_next_one_gets(nobody: Actor, clerk: Actor) -> None:
    product_id = clerk.create_product(name=unique("Desk lamp")).json()["id"]
    odd = {
        "Accept": "text/html",
        "Content-Type": "text/plain",
        "Idempotency-Key": "key",
        "User-Agent": "odd",
        "X-Forwarded-Proto": "https",
    }
    until_the_next_second()

    first = nobody.request("GET", f"/api/v1/products/{product_id}/", headers=odd)
    second = nobody.get_product(product_id)

    assert second.headers["Age"] == "0"
    assert (first.json(), second.json()) == (second.json(), clerk.get_product(product_id).json())
