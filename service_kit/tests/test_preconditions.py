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
        *(("If-Match", value) for value in ("{tag}", '"other", {tag}', "*")),
        *(("If-None-Match", OTHER), ("If-Unmodified-Since", FAR_AHEAD), ("If-Unmodified-Since", "once upon a time")),
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
        *(("If-Match", value) for value in (OTHER, "W/{tag}", "no quotes", '"unfinished')),
        ("If-Unmodified-Since", LONG_AGO),
        *(("If-None-Match", value) for value in ("{tag}", "W/{tag}", "*")),
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


@pytest.mark.parametrize(("header", "value"), [("If-Match", OTHER), ("If-None-Match", "*")])
def test_nothing_is_done_on_a_condition_where_there_are_no_tags(
    writer: APIClient, address: str, header: str, value: str
) -> None:
    created = writer.post(THINGS, {"name": "Chair", "price": "1"}, headers={header: value})
    deleted = writer.delete(address, headers={header: value})

    assert_problem(created, status=412, slug="precondition-failed")
    assert_problem(deleted, status=412, slug="precondition-failed")
    assert Thing.objects.get().name == "Desk lamp"


# Of each kind: with an entity tag, with a time only, with neither; of DRF and of Django alone.
READABLE = [THINGS, "/docs/openapi.yaml", "/livez", "/readyz", "/metrics"]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", READABLE)
def test_whatever_can_be_read_is_there_and_so_matches_the_star(nobody: APIClient, path: str, method: str) -> None:
    read = getattr(nobody, method)

    known, wanted = read(path, headers={"If-None-Match": "*"}), read(path, headers={"If-Match": "*"})

    assert (known.status_code, known.getvalue(), "Content-Type" in known) == (304, b"", False)
    assert (wanted.status_code, wanted.getvalue() != b"") == (200, method == "get")


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", READABLE)
def test_no_other_tag_than_its_own_is_that_of_an_answer(nobody: APIClient, path: str, method: str) -> None:
    read = getattr(nobody, method)

    known, wanted = read(path, headers={"If-None-Match": OTHER}), read(path, headers={"If-Match": OTHER})

    assert (known.status_code, known.getvalue() != b"") == (200, method == "get")
    assert (wanted.status_code, wanted["Content-Type"]) == (412, "application/problem+json")


@pytest.mark.parametrize(("path", "status"), [(f"{THINGS}?page_size=0", 400), (f"{THINGS}7/", 404), ("/nowhere/", 404)])
@pytest.mark.parametrize("condition", [{"If-Match": OTHER}, {"If-None-Match": "*"}])
def test_a_read_that_is_refused_anyway_is_refused_as_without_a_condition(
    nobody: APIClient, path: str, status: int, condition: dict[str, str]
) -> None:
    assert nobody.get(path, headers=condition).status_code == status
