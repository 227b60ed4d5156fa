"""Headers that decide something: each once at most, and not empty."""

import pytest
from rest_framework.test import APIClient

from service_kit.rest.headers import SINGLE_HEADERS
from service_kit.server.repeated_headers import mark_repeated_headers
from service_kit.testing.problems import assert_problem, pointers
from tests.world import THINGS, add_thing
from things.models import Thing

pytestmark = pytest.mark.django_db
LAMP = {"name": "Desk lamp", "price": "1"}


@pytest.mark.parametrize("name", SINGLE_HEADERS)
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_header_is_refused(nobody: APIClient, name: str, value: str) -> None:
    response = nobody.get(THINGS, headers={name: value})

    assert pointers(response) == [f"/{name}"]


@pytest.mark.parametrize("name", SINGLE_HEADERS)
def test_a_header_that_came_twice_is_refused(nobody: APIClient, name: str) -> None:
    joined = {name: '"a","b"', "X-Repeated-Headers": f"accept,{name.lower()}"}

    response = nobody.get(THINGS, headers=joined)

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(f"/{name}", "repeated")]


def test_another_header_may_come_twice(nobody: APIClient) -> None:
    response = nobody.get(THINGS, headers={"Accept": "a/b,c/d", "X-Repeated-Headers": "accept"})

    assert response.status_code == 200


def test_nothing_is_changed_on_an_empty_condition(writer: APIClient) -> None:
    thing = add_thing(name="Desk lamp")

    response = writer.patch(f"{THINGS}{thing.pk}/", {"name": "Floor lamp"}, headers={"If-Match": ""})

    assert pointers(response) == ["/If-Match"]
    assert Thing.objects.get().name == "Desk lamp"


@pytest.mark.parametrize("key", ["a", "a" * 255, "one, two", "with spaces and ~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}"])
def test_a_key_is_1_to_255_printable_characters_commas_too(writer: APIClient, key: str) -> None:
    response = writer.post(THINGS, LAMP, headers={"Idempotency-Key": key})

    assert response.status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "tab\tinside", "caf\xe9", "ключ", "\x7f", "a\x00b"])
def test_any_other_key_is_refused(writer: APIClient, key: str) -> None:
    response = writer.post(THINGS, LAMP, headers={"Idempotency-Key": key})

    assert pointers(response) == ["/Idempotency-Key"]
    assert not Thing.objects.exists()


def test_the_server_names_the_headers_that_came_more_than_once() -> None:
    twice = [("IDEMPOTENCY-KEY", "a"), ("ACCEPT", "x"), ("Idempotency-Key", "a")]
    headers = [*twice, ("IF-MATCH", "1"), ("IF-MATCH", "2")]

    mark_repeated_headers(headers)

    assert headers[5:] == [("X-REPEATED-HEADERS", "idempotency-key,if-match")]


def test_the_server_leaves_a_request_alone_whose_headers_came_once() -> None:
    headers = [("IDEMPOTENCY-KEY", "a, b"), ("ACCEPT", "x")]

    mark_repeated_headers(headers)

    assert len(headers) == 2
