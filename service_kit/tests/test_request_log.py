"""The log: one line for each request, under the gateway's request id, and nothing in it that is nobody's business."""

import pytest
from rest_framework.test import APIClient

from service_kit.testing.log_lines import LogLines, about
from tests.world import THINGS

pytestmark = pytest.mark.django_db


def test_a_request_is_one_line(writer: APIClient, logged: LogLines) -> None:
    body = {"name": "Desk lamp", "price": "39.90"}

    writer.post(THINGS, body, headers={"X-Request-ID": "a-request-id"})

    [line] = about("request", logged)
    request = {"method": "POST", "path": THINGS, "route": "api/v1/things/", "request_id": "a-request-id"}
    expected = {**request, "status": 201, "subject": "the writer", "level": "info"}
    assert line.items() >= expected.items()
    assert line["duration_ms"] > 0


def test_a_request_that_fails_is_one_line_too(reader: APIClient, logged: LogLines) -> None:
    reader.post(THINGS, {})
    reader.get("/nowhere")

    assert [(line["status"], line["route"]) for line in about("request", logged)] == [
        (403, "api/v1/things/"),
        (404, None),
    ]


def test_neither_query_nor_body_nor_token_nor_key_is_written(writer: APIClient, logged: LogLines) -> None:
    writer.get(f"{THINGS}?name=a-secret-name", headers={"Authorization": "Bearer a-secret-token"})
    writer.post(THINGS, {"name": "a-secret-lamp"}, headers={"Idempotency-Key": "a-secret-key"})

    assert len(about("request", logged)) == 2
    assert "secret" not in str(logged)


def test_probes_leave_no_line(reader: APIClient, logged: LogLines) -> None:
    reader.get("/livez")
    reader.get("/readyz")

    assert about("request", logged) == []


def test_the_ids_of_requests_that_are_answered_together_are_all_logged(writer: APIClient, logged: LogLines) -> None:
    writer.get(THINGS, headers={"X-Request-ID": "leader-0001", "X-Request-Group": "second-0001,third-0001"})
    writer.get(THINGS, headers={"X-Request-ID": "another-0001"})

    together, alone = about("request", logged)
    assert (together["request_id"], together["request_group"]) == ("leader-0001", "second-0001,third-0001")
    assert "request_group" not in alone


def test_one_requests_id_is_not_the_next_ones(reader: APIClient, logged: LogLines) -> None:
    reader.get(THINGS, headers={"X-Request-ID": "a-request-id"})
    reader.get(THINGS)

    assert [line["request_id"] for line in about("request", logged)] == ["a-request-id", None]
