"""Preconditions (RFC 9110, 13): what is sent is evaluated, and a request whose condition does not hold does nothing."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import assert_problem
from tests.world import THINGS, add_thing
from things.models import Thing

pytestmark = pytest.mark.django_db
OTHER = '"0123456789abcdef0123456789abcdef"'
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"
FAR_AHEAD = "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.fixture
def address() -> str:
    return f"{THINGS}{add_thing(name='Desk lamp').pk}/"


@pytest.fixture
def tag(nobody: APIClient, address: str) -> str:
    return nobody.get(address)["ETag"]


def rename(client: APIClient, address: str, header: str, value: str) -> Any:
    return client.patch(address, {"name": "Floor lamp"}, headers={header: value})


@pytest.mark.parametrize("known", ["*", "{tag}", "W/{tag}", '"other", {tag}', '"other",W/{tag}'])
def test_a_state_that_the_caller_has_is_not_sent_again(nobody: APIClient, address: str, tag: str, known: str) -> None:
    response = nobody.get(address, headers={"If-None-Match": known.format(tag=tag)})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in response
    assert "Content-Length" not in response


@pytest.mark.parametrize("known", [OTHER, "no quotes", '"unfinished', ","])
def test_a_state_that_the_caller_has_not_is_sent(nobody: APIClient, address: str, known: str) -> None:
    assert nobody.get(address, headers={"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("If-Match", "{tag}"),
        ("If-Match", '"other", {tag}'),
        ("If-Match", "*"),
        ("If-None-Match", OTHER),
        ("If-Unmodified-Since", FAR_AHEAD),
        ("If-Unmodified-Since", "once upon a time"),
        ("If-Modified-Since", LONG_AGO),
    ],
)
def test_a_condition_that_holds_changes_nothing_about_a_request(
    writer: APIClient, address: str, tag: str, header: str, value: str
) -> None:
    read = writer.get(address, headers={header: value.format(tag=tag)})
    changed = rename(writer, address, header, value.format(tag=tag))

    assert (read.status_code, changed.status_code) == (200, 200)
    assert changed["ETag"] == writer.get(address)["ETag"] != tag


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("If-Match", OTHER),
        ("If-Match", "W/{tag}"),
        ("If-Match", "no quotes"),
        ("If-Match", '"unfinished'),
        ("If-Unmodified-Since", LONG_AGO),
        ("If-None-Match", "{tag}"),
        ("If-None-Match", "W/{tag}"),
        ("If-None-Match", "*"),
    ],
)
def test_a_change_whose_condition_does_not_hold_is_refused(
    writer: APIClient, address: str, tag: str, header: str, value: str
) -> None:
    response = rename(writer, address, header, value.format(tag=tag))

    assert_problem(response, status=412, slug="precondition-failed")
    assert Thing.objects.get().name == "Desk lamp"


@pytest.mark.parametrize(("header", "value"), [("If-Match", OTHER), ("If-Unmodified-Since", LONG_AGO)])
def test_reading_another_state_than_there_is_is_refused(
    nobody: APIClient, address: str, header: str, value: str
) -> None:
    assert_problem(nobody.get(address, headers={header: value}), status=412, slug="precondition-failed")


def test_the_tag_decides_where_a_date_is_sent_too(writer: APIClient, address: str, tag: str) -> None:
    headers = {"If-Match": tag, "If-Unmodified-Since": LONG_AGO}

    assert writer.patch(address, {"name": "Floor lamp"}, headers=headers).status_code == 200


def test_two_changes_of_one_state_do_not_overwrite_each_other(writer: APIClient, address: str, tag: str) -> None:
    rename(writer, address, "If-Match", tag)

    second = writer.patch(address, {"name": "Lamp"}, headers={"If-Match": tag})

    assert_problem(second, status=412, slug="precondition-failed")


@pytest.mark.parametrize(("header", "value"), [("If-Match", OTHER), ("If-None-Match", "*")])
def test_nothing_is_done_on_a_condition_where_there_are_no_tags(
    writer: APIClient, address: str, header: str, value: str
) -> None:
    created = writer.post(THINGS, {"name": "Chair", "price": "1"}, headers={header: value})
    deleted = writer.delete(address, headers={header: value})

    assert_problem(created, status=412, slug="precondition-failed")
    assert_problem(deleted, status=412, slug="precondition-failed")
    assert Thing.objects.get().name == "Desk lamp"


def test_a_list_has_no_state_that_could_be_named(nobody: APIClient) -> None:
    assert_problem(nobody.get(THINGS, headers={"If-Match": OTHER}), status=412, slug="precondition-failed")
    assert nobody.get(THINGS, headers={"If-Match": "*"}).status_code == 200
    assert nobody.get(THINGS, headers={"If-None-Match": OTHER}).status_code == 200
