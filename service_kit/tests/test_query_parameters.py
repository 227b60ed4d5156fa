"""Query parameters: an unknown, repeated or malformed one is refused, at every address and by every method."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.problems import assert_problem, pointers
from tests.world import THINGS, add_thing
from things.models import Thing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["search", "limit", "offset", "page", "format", "colour", "Cursor"])
def test_a_list_names_the_parameters_that_there_are(nobody: APIClient, name: str) -> None:
    response = nobody.get(THINGS, {name: "1"})

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert problem["errors"] == [
        {
            "pointer": f"/{name}",
            "code": "unknown-parameter",
            "detail": "This parameter is not known here. Known are: "
            "above_id, created_after, cursor, is_active, maker_id, min_price, name, note, ordering, page_size.",
        }
    ]


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_thing_takes_none(writer: APIClient, method: str) -> None:
    thing = add_thing(name="Desk lamp")

    response = getattr(writer, method)(f"{THINGS}{thing.pk}/?colour=red")

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert problem["errors"][0]["detail"] == "This parameter is not known here. This request takes no query parameters."
    assert Thing.objects.get().name == "Desk lamp"


def test_creating_takes_none_not_even_those_of_the_list(writer: APIClient) -> None:
    response = writer.post(f"{THINGS}?page_size=1", {"name": "Desk lamp", "price": "1"})

    assert pointers(response) == ["/page_size"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    ("query", "named"),
    [
        *(("page_size=1&page_size=2", "page_size"), ("min_price=1&min_price=1", "min_price"), ("cursor=", "cursor")),
        *(("min_price=", "min_price"), ("is_active=%00", "is_active"), ("is_active=%1b", "is_active")),
        *(("is_active=True", "is_active"), ("is_active=1", "is_active"), ("min_price=1e3", "min_price")),
        *(("min_price=NaN", "min_price"), ("min_price=%D9%A1", "min_price"), ("above_id=1.0", "above_id")),
        *(("above_id=%201", "above_id"), ("maker_id=0", "maker_id"), (f"maker_id={2**53}", "maker_id")),
        *(("maker_id=" + "9" * 40, "maker_id"), ("ordering=colour", "ordering"), ("ordering=--name", "ordering")),
        *(("page_size=0", "page_size"), ("page_size=101", "page_size"), ("page_size=%D9%A1", "page_size")),
        *(("cursor=made-up", "cursor"), ("cursor=%EF%BC%91", "cursor"), ("created_after=yesterday", "created_after")),
        *(("is_active=%20", "is_active"), ("name=%20", "name"), ("name=%E3%80%80", "name")),
    ],
)
def test_a_repeated_empty_or_malformed_parameter_is_named(nobody: APIClient, query: str, named: str) -> None:
    assert pointers(nobody.get(f"{THINGS}?{query}")) == [f"/{named}"]


@pytest.mark.parametrize("query", ["name=%ff", "%ff=1", "name=%C3", "name=%ED%A0%80"])
def test_a_query_that_is_not_utf_8_is_refused(nobody: APIClient, query: str) -> None:
    assert_problem(nobody.get(f"{THINGS}?{query}"), status=400, slug="invalid-request")


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("is_active=yes", "This is not one of the known values: true, false."),
        ("note=" + "x" * 500, "This is not one of the known values: new, old."),
        (
            "ordering=colour",
            "This list is not ordered by that. Known are: name, -name, price, -price, created_at, -created_at.",
        ),
    ],
)
def test_the_refusal_of_a_word_names_those_that_there_are(nobody: APIClient, query: str, detail: str) -> None:
    problem = assert_problem(nobody.get(f"{THINGS}?{query}"), status=400, slug="invalid-request")

    assert [error["detail"] for error in problem["errors"]] == [detail]


def test_a_long_name_is_not_repeated_whole(nobody: APIClient) -> None:
    assert pointers(nobody.get(f"{THINGS}?{'a' * 500}=1")) == ["/" + "a" * 64]


def test_of_hundreds_of_unknown_parameters_twenty_are_named(nobody: APIClient) -> None:
    response = nobody.get(f"{THINGS}?{'&'.join(f'p{number}=1' for number in range(900))}")

    assert len(pointers(response)) == 20


def test_who_may_not_come_in_is_told_that_first(reader: APIClient) -> None:
    assert_problem(reader.post(f"{THINGS}?colour=red", {}), status=403, slug="permission-denied")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/docs/openapi.yaml"])
def test_what_is_no_part_of_the_api_does_not_mind_parameters(nobody: APIClient, path: str) -> None:
    response = nobody.get(f"{path}?colour=red")

    assert response.status_code == 200
    response.close()
