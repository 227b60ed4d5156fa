"""Methods: what is allowed, what OPTIONS and HEAD answer, and answers without content."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from rest_framework.test import APIClient, APIRequestFactory

from service_kit.testing.problems import assert_problem
from tests.world import THINGS, add_thing

pytestmark = pytest.mark.django_db
LIST = "GET, POST, HEAD, OPTIONS"
THING = "GET, PATCH, DELETE, HEAD, OPTIONS"


def allowed(text: str) -> set[str]:
    return set(text.split(", "))


@pytest.mark.parametrize(
    ("path", "method", "methods"),
    [
        *((THINGS, method, LIST) for method in ["PUT", "PATCH", "DELETE", "TRACE", "LINK"]),
        *((f"{THINGS}1/", method, THING) for method in ["PUT", "POST", "TRACE", "LINK"]),
        *((path, "POST", "GET, HEAD") for path in ["/livez", "/readyz", "/metrics", "/docs/openapi.yaml"]),
    ],
)
def test_a_method_that_an_address_does_not_have_is_refused_with_those_that_it_has(
    writer: APIClient, path: str, method: str, methods: str
) -> None:
    response = writer.generic(method, path)

    assert_problem(response, status=405, slug="method-not-allowed")
    assert allowed(response["Allow"]) == allowed(methods)


@pytest.mark.parametrize(("path", "methods"), [(THINGS, LIST), (f"{THINGS}1/", THING)])
def test_options_names_the_methods_and_describes_nothing(nobody: APIClient, path: str, methods: str) -> None:
    response = nobody.options(path)

    assert (response.status_code, response.content) == (204, b"")
    assert allowed(response["Allow"]) == allowed(methods)


def test_an_answer_without_content_has_no_type_and_no_length(writer: APIClient) -> None:
    response = writer.delete(f"{THINGS}{add_thing().pk}/")

    assert response.status_code == 204
    assert "Content-Type" not in response
    assert "Content-Length" not in response


@pytest.mark.parametrize("path", [THINGS, "/livez", "/docs/openapi.yaml", "/nowhere"])
def test_head_answers_as_get_does_without_the_content(nobody: APIClient, path: str) -> None:
    got = nobody.get(path)
    length = len(b"".join(got))  # the test client has closed it then

    # The application itself: the test client would drop the content of an answer to HEAD.
    head = WSGIHandler().get_response(APIRequestFactory().generic("HEAD", path))

    assert (head.status_code, head["Content-Type"]) == (got.status_code, got["Content-Type"])
    assert int(head["Content-Length"]) == length
    assert b"".join(head) == b""
    head.close()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_no_header_turns_one_method_into_another(writer: APIClient, name: str) -> None:
    thing = add_thing()

    response = writer.get(f"{THINGS}{thing.pk}/", headers={name: "DELETE"})

    assert response.status_code == 200
    assert writer.get(f"{THINGS}{thing.pk}/").status_code == 200


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "*/*", "application/problem+json", "nonsense", "a/b;q=x"]
)
def test_the_answer_is_json_whatever_the_client_accepts(nobody: APIClient, accept: str) -> None:
    response = nobody.get(THINGS, headers={"Accept": accept})

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
