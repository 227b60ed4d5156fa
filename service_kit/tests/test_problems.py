"""Refusals that no view has thought of: they are problems too, and tell nothing about the inside."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.test import Client
from rest_framework.test import APIClient, APIRequestFactory

from service_kit.testing.log_lines import LogLines
from service_kit.testing.problems import assert_problem
from tests.world import THINGS, add_thing

pytestmark = pytest.mark.django_db
PARAMETERS = "&".join(f"p{number}=1" for number in range(1001))


@contextmanager
def failing(error: Exception) -> Iterator[None]:
    """Let every statement fail."""

    def fail(*_: object) -> None:
        raise error

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("path", ["/", "/api/", "/api/v1/", "/api/v2/things/", "/internal/", "/api/v1/things/1/2/"])
def test_an_unknown_address_is_a_problem_that_says_where_the_addresses_are(nobody: APIClient, path: str) -> None:
    problem = assert_problem(nobody.get(path), status=404, slug="not-found")

    assert "/docs/" in problem["detail"]


@pytest.mark.parametrize("path", ["/api/v1/things", "/api/v1/things/1"])
def test_an_address_without_its_slash_is_pointed_at_the_one_that_has_it(nobody: APIClient, path: str) -> None:
    problem = assert_problem(nobody.get(path), status=404, slug="not-found")

    assert problem["detail"] == f"There is nothing at this address. Addresses end with a slash: {path}/"


@pytest.mark.parametrize(
    "name",
    [
        *("0", "-1", "lamp", "1.0", "9007199254740992", "9223372036854775808", "9" * 40, "9" * 5000, "%00", "\u0661"),
        *("1'--", "1/../2", "01"),
    ],
)
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_an_address_that_names_no_thing_is_not_found(writer: APIClient, method: str, name: str) -> None:
    response = getattr(writer, method)(f"{THINGS}{name}/")

    assert_problem(response, status=404, slug="not-found")


def test_the_largest_id_is_an_address(nobody: APIClient) -> None:
    problem = assert_problem(nobody.get(f"{THINGS}9007199254740991/"), status=404, slug="not-found")

    assert problem["detail"] == "There is no thing 9007199254740991."


@pytest.mark.parametrize("path", [THINGS, "/livez", "/nowhere"])
def test_an_unknown_host_is_refused_before_anything_is_done(nobody: APIClient, path: str) -> None:
    response = nobody.get(path, headers={"Host": "elsewhere.test"})

    assert_problem(response, status=400, slug="invalid-request")
    assert response["Content-Length"] == str(len(response.content))


def test_a_head_to_an_unknown_host_gets_no_content() -> None:
    # The application itself: the test client would drop the content of an answer to HEAD.
    refused = WSGIHandler().get_response(APIRequestFactory().head(THINGS, headers={"Host": "elsewhere.test"}))

    assert (refused.status_code, refused.getvalue()) == (400, b"")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_thousand_and_one_parameters_are_the_clients_mistake(
    writer: APIClient, logged: LogLines, method: str
) -> None:
    response = getattr(writer, method)(f"{THINGS}?{PARAMETERS}")

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert problem["detail"] == "The request has too many parameters."
    assert [line for line in logged if line["level"] in {"warning", "error"}] == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        *((SuspiciousOperation("x"), 400), (DisallowedHost("x"), 400), (TooManyFieldsSent("x"), 400)),
        *((TooManyFilesSent("x"), 400), (BadRequest("x"), 400), (MultiPartParserError("x"), 400)),
        (RequestDataTooBig("x"), 413),
    ],
)
@pytest.mark.parametrize("path", [THINGS, "/readyz"])
def test_what_django_refuses_to_read_is_never_an_error_of_the_service(
    nobody: APIClient, logged: LogLines, path: str, error: Exception, status: int
) -> None:
    with failing(error):
        response = nobody.get(path)

    assert response.status_code == status
    assert "x" not in response.json()["detail"].split()
    assert [line for line in logged if line["level"] == "error"] == []


def test_a_body_that_breaks_off_is_the_clients_mistake(writer: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: object) -> bytes:
        raise UnreadablePostError("the client is gone")

    monkeypatch.setattr("django.http.request.HttpRequest.read", break_off)

    response = writer.post(THINGS, {"name": "Desk lamp", "price": "1"})

    assert_problem(response, status=400, slug="invalid-request")


@pytest.mark.parametrize("path", ["", "login/", "things/thing/", "no/such/page/"])
def test_the_admin_minds_odd_requests_no_more_than_the_api(anna: Client, logged: LogLines, path: str) -> None:
    answers = [
        anna.get(f"/admin/things/{path}?{PARAMETERS}"),
        anna.post(f"/admin/things/{path}?{PARAMETERS}"),
        anna.post(f"/admin/things/{path}", PARAMETERS, content_type="application/x-www-form-urlencoded"),
        anna.post(f"/admin/things/{path}", b"--", content_type="multipart/form-data; boundary=\xe9"),
        anna.get(f"/admin/things/{path}", headers={"Host": "elsewhere.test"}),
        anna.get(f"/admin/things/{path}", headers={"Cookie": "thing_admin_session=\x01; thing_admin_csrf=\xff"}),
    ]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [line for line in logged if line["level"] == "error"] == []


@pytest.mark.parametrize("path", [THINGS, "/readyz"])
def test_what_nobody_expected_is_a_problem_that_tells_nothing_and_alarms_somebody(logged: LogLines, path: str) -> None:
    with failing(RuntimeError("what nobody wants to be read")):
        response = Client(raise_request_exception=False).get(path)

    problem = assert_problem(response, status=500, slug="internal-error")
    assert "wants" not in str(problem)
    assert [line["event"] for line in logged if line["level"] == "error"] == ["unexpected error"]


@pytest.mark.parametrize(
    ("method", "slug"), [("get", "database-unavailable"), ("patch", "outcome-unknown")], ids=["read", "write"]
)
def test_a_database_that_does_not_answer_is_no_more_than_is_known(
    writer: APIClient, logged: LogLines, method: str, slug: str
) -> None:
    address = f"{THINGS}{add_thing().pk}/"

    with failing(OperationalError("the connection is lost")):
        response = getattr(writer, method)(address, {"name": "Lamp"} if method == "patch" else None)

    assert_problem(response, status=503, slug=slug)
    assert response["Retry-After"] == "1"
    assert [line["event"] for line in logged if line["level"] == "warning"] == ["database unavailable"]


def test_a_saved_refusal_says_that_it_was_given_before(writer: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    add_thing(name="Desk lamp")
    monkeypatch.setattr("things.views.NameTaken.__init__.__kwdefaults__", {"replayed": True})

    response = writer.post(THINGS, {"name": "Desk lamp", "price": "1"})

    assert_problem(response, status=409, slug="name-taken")
    assert response["Idempotent-Replayed"] == "true"
