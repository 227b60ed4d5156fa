"""What gunicorn cannot read is refused with a problem, as everything else is."""

import json

import pytest
from gunicorn.http import errors

from service_kit.server.refusals import is_refusal, problem_of

REFUSED = [
    (errors.InvalidHeader("CONTENT-TYPE"), 400, "malformed-request"),
    (errors.InvalidHeaderName("a b"), 400, "malformed-request"),
    (errors.InvalidRequestLine("?"), 400, "malformed-request"),
    (errors.UnsupportedTransferCoding("gzip"), 400, "malformed-request"),
    (errors.ExpectationFailed("miracles"), 400, "malformed-request"),
    (errors.LimitRequestLine(9000, 8190), 414, "uri-too-long"),
    (errors.LimitRequestHeaders("limit request headers fields"), 431, "headers-too-large"),
]
FAILED = [
    errors.InvalidResponseHeader("X"),
    errors.ConfigurationProblem("x"),
    RuntimeError("what nobody wants to read"),
]


def read(answer: bytes) -> tuple[int, str, dict[str, object]]:
    head, _, content = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ") for line in lines)
    assert int(headers["Content-Length"]) == len(content)
    return int(status.split()[1]), headers["Content-Type"], json.loads(content)


@pytest.mark.parametrize(("error", "status", "slug"), REFUSED, ids=lambda value: type(value).__name__)
def test_a_request_that_cannot_be_read_is_a_problem(error: Exception, status: int, slug: str) -> None:
    answered, content_type, problem = read(problem_of(error))

    assert (answered, content_type) == (status, "application/problem+json")
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert is_refusal(error)


@pytest.mark.parametrize("error", FAILED, ids=lambda error: type(error).__name__)
def test_a_failure_of_the_service_is_a_problem_that_tells_nothing(error: Exception) -> None:
    answered, _, problem = read(problem_of(error))

    assert (answered, problem["type"]) == (500, "/problems/internal-error")
    assert str(error) not in str(problem)
    assert not is_refusal(error)
