"""Bodies that are no plain JSON object are refused, and nothing changes."""

import gzip
from typing import Any

import pytest
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.test import APIClient

from service_kit.rest.fields import StrictChoiceField
from service_kit.rest.mistakes import listed_errors
from service_kit.testing.problems import assert_problem, pointers
from tests.world import THINGS, post_raw, thing_with
from things.models import Thing

pytestmark = pytest.mark.django_db
LAMP = b'{"name": "Desk lamp", "price": %s}'


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"nothing", b"[" * 5000 + b"]" * 5000, b'{"a":' * 5000 + b"1" + b"}" * 5000),
        *(LAMP % price for price in (b"NaN", b"Infinity", b"-Infinity", b"1_000", b"01", b"+1", b"9" * 5000)),
        *(LAMP % b"1e99999999999999999999", LAMP % b'"1",', LAMP % b'"1"' + b" {}", LAMP % b'"39.90", "price": "0.01"'),
        *(LAMP % b'"39.90", "\xff": 1', LAMP % b'"\xff"', b"\xef\xbb\xbf" + LAMP % b'"1"'),
        *((LAMP % b'"1"').replace(b'"', b"'"), (LAMP % b'"1"').decode().encode("utf-16")),
        LAMP % (b'"1", "note": ' + b"[" * 40 + b"]" * 40),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_that_is_no_plain_json_is_refused(writer: APIClient, body: bytes) -> None:
    response = post_raw(writer, body)

    assert_problem(response, status=400, slug="invalid-request")
    assert not Thing.objects.exists()


@pytest.mark.parametrize("body", [b"null", b"true", b"7", b'"Desk lamp"', b"[]", b'[{"name": "Desk lamp"}]'])
def test_a_body_that_is_no_object_is_refused(writer: APIClient, body: bytes) -> None:
    response = post_raw(writer, body)

    assert pointers(response) == [""]
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json"]
)
def test_a_body_of_another_media_type_is_refused(writer: APIClient, content_type: str) -> None:
    response = post_raw(writer, thing_with("price", "1"), content_type)

    assert_problem(response, status=415, slug="unsupported-media-type")
    assert response["Accept"] == "application/json"
    assert not Thing.objects.exists()


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "gzip, identity", "x"])
def test_an_encoded_body_is_refused_with_the_coding_that_is_read(writer: APIClient, coding: str) -> None:
    body = gzip.compress(thing_with("price", "1"))

    response = post_raw(writer, body, headers={"Content-Encoding": coding})

    assert_problem(response, status=415, slug="unsupported-media-type")
    assert response["Accept-Encoding"] == "identity"
    assert not Thing.objects.exists()


def test_a_body_that_is_said_not_to_be_encoded_is_read(writer: APIClient) -> None:
    response = post_raw(writer, thing_with("price", "1"), headers={"Content-Encoding": "Identity"})

    assert response.status_code == 201


@pytest.mark.parametrize("padding", [b'"note": "' + b"a" * 64 * 1024 + b'"', b'"note": ""' + b" " * 64 * 1024])
def test_a_body_of_more_than_64_kib_is_refused(writer: APIClient, padding: bytes) -> None:
    response = post_raw(writer, b'{"name": "Desk lamp", "price": "1", ' + padding + b"}")

    assert_problem(response, status=413, slug="payload-too-large")
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    ("field", "json"),
    [
        *(("is_active", json) for json in ("1", '"true"', "null")),
        *(("id", "7"), ("created_at", '"2020-01-01T00:00:00Z"'), ("colour", '"red"'), ("__class__", '"Thing"')),
        (r"\ud800", "1"),
    ],
)
def test_a_field_that_is_wrong_unknown_or_only_for_reading_is_named(writer: APIClient, field: str, json: str) -> None:
    response = post_raw(writer, thing_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Thing.objects.exists()


def test_everything_that_is_missing_is_named_at_once(writer: APIClient) -> None:
    response = post_raw(writer, b"{}")

    assert pointers(response) == ["/name", "/price"]


def test_a_refusal_does_not_repeat_what_was_sent(writer: APIClient) -> None:
    response = post_raw(writer, thing_with("price", '"<script>alert(1)</script>"'))

    assert "script" not in response.content.decode()


def unknown_fields(number: int) -> bytes:
    return ("{" + ", ".join(f'"key{index}": 1' for index in range(number)) + "}").encode()


@pytest.mark.parametrize(
    ("mistakes", "hint"), [(3500, "errors has the first 20 of 3500 mistakes."), (20, "see errors.")]
)
def test_of_thousands_of_mistakes_twenty_are_named_and_the_others_counted(
    writer: APIClient, mistakes: int, hint: str
) -> None:
    response = post_raw(writer, unknown_fields(mistakes))

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert (len(problem["errors"]), problem["detail"]) == (20, f"The request is not valid; {hint}")
    assert len(response.content) < 4096


@pytest.mark.parametrize("sent", ["Old", "x" * 60_000, "", 1, True, ["old"], {"old": 1}])
def test_the_refusal_of_a_word_names_those_that_there_are_and_not_what_was_sent(sent: object) -> None:
    with pytest.raises(ValidationError) as refused:
        StrictChoiceField(choices=[("new", "New"), ("old", "Old")]).run_validation(sent)

    assert list(refused.value.detail) == ["This is not one of the known values: new, old."]


def test_no_mistake_takes_more_than_some_lines() -> None:
    errors, _ = listed_errors({"state": [ErrorDetail(f'"{"x" * 60_000}" is not a valid choice.', code="invalid")]})

    assert len(errors[0]["detail"]) == 500


def test_codes_are_spelled_like_problem_types(writer: APIClient) -> None:
    body: dict[str, Any] = {"name": "a" * 256, "price": "1.234", "amount": "1", "is_active": 1}

    response = writer.post(THINGS, body)

    problem = assert_problem(response, status=400, slug="invalid-request")
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == {
        "/name": "max-length",
        "/price": "max-decimal-places",
        "/amount": "not-a-number",
        "/is_active": "not-a-boolean",
    }
