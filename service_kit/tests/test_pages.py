"""Cursor pages: every row once, in order, whatever the page size and whatever is added or removed meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from service_kit.testing.pages import walk
from service_kit.testing.problems import pointers
from tests.world import THINGS, add_thing
from things.models import Thing

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def last_page(client: APIClient, address: str) -> str:
    while following := client.get(address).json()["next"]:
        address = following
    return address


@pytest.fixture(autouse=True)
def things() -> None:
    """Eleven things, of which several share their name, their price and their instant."""
    for number in range(11):
        thing = add_thing(name=f"Lamp {number % 3}", price=str(number % 4))
        Thing.objects.filter(pk=thing.pk).update(created_at=LONG_AGO + timedelta(days=number // 3))


@pytest.mark.parametrize("ordering", ["name", "-name", "price", "-price", "created_at", "-created_at"])
@pytest.mark.parametrize("page_size", [1, 3, 11, 100])
def test_each_row_is_on_one_page_in_the_requested_order(nobody: APIClient, ordering: str, page_size: int) -> None:
    pages = walk(nobody, f"{THINGS}?ordering={ordering}&page_size={page_size}")

    listed = [thing["id"] for page in pages for thing in page]
    sign = "-" if ordering.startswith("-") else ""
    assert listed == list(Thing.objects.order_by(ordering, f"{sign}pk").values_list("pk", flat=True))
    assert all(len(page) == page_size for page in pages[:-1])


@pytest.mark.parametrize("ordering", ["price", "-created_at"])
def test_previous_links_show_the_same_pages(nobody: APIClient, ordering: str) -> None:
    address = f"{THINGS}?ordering={ordering}&page_size=4"
    forwards = walk(nobody, address)

    backwards = walk(nobody, last_page(nobody, address), direction="previous")

    assert list(reversed(backwards)) == forwards


def test_the_first_page_has_no_previous_and_the_last_no_next_and_a_page_has_20_rows_by_default(
    nobody: APIClient,
) -> None:
    whole = nobody.get(THINGS).json()
    for _ in range(10):
        add_thing()
    first = nobody.get(THINGS).json()

    assert (whole["next"], whole["previous"], len(whole["results"])) == (None, None, 11)
    assert (first["previous"], len(first["results"])) == (None, 20)
    assert first["next"]


def test_filters_hold_on_every_page(nobody: APIClient) -> None:
    pages = walk(nobody, f"{THINGS}?min_price=3&page_size=1")

    assert [len(page) for page in pages] == [1, 1]


def test_a_row_that_comes_or_goes_meanwhile_shifts_no_other(nobody: APIClient) -> None:
    first = nobody.get(f"{THINGS}?ordering=created_at&page_size=5").json()
    expected = list(Thing.objects.order_by("created_at", "pk").values_list("pk", flat=True))[5:]
    Thing.objects.filter(pk=first["results"][0]["id"]).delete()
    early = add_thing()
    Thing.objects.filter(pk=early.pk).update(created_at=LONG_AGO - timedelta(days=1))

    rest = [thing["id"] for page in walk(nobody, first["next"]) for thing in page]

    assert rest == expected


def test_a_cursor_of_another_ordering_is_refused(nobody: APIClient) -> None:
    following = nobody.get(f"{THINGS}?ordering=price&page_size=2").json()["next"]

    response = nobody.get(following.replace("ordering=price", "ordering=name"))

    assert pointers(response) == ["/cursor"]


@pytest.mark.parametrize("made", ["A{cursor}", "WyJuYW1lIiwgIkRlc2siLCAiMSIsIGZhbHNlXQ", "somewhere"])
def test_a_cursor_that_the_list_did_not_make_is_refused(nobody: APIClient, made: str) -> None:
    address, _, cursor = nobody.get(f"{THINGS}?page_size=2").json()["next"].partition("cursor=")

    response = nobody.get(f"{address}cursor={made.format(cursor=cursor)}")

    assert pointers(response) == ["/cursor"]


def test_a_page_is_one_statement(nobody: APIClient) -> None:
    following = nobody.get(f"{THINGS}?page_size=2").json()["next"]

    with CaptureQueriesContext(connection) as queries:
        nobody.get(following)

    assert len(queries) == 1
