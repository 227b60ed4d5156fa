"""What every refusal looks like."""

from typing import Any


def assert_problem(response: Any, *, status: int, slug: str) -> dict[str, Any]:
    """Check that the response is a problem of this kind, in the documented shape; return it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert problem["instance"] == response.wsgi_request.path
    assert all(set(error) == {"pointer", "code", "detail"} for error in problem["errors"])
    return problem


def pointers(response: Any) -> list[str]:
    """Name the parts of the request that a refusal finds fault with."""
    problem = assert_problem(response, status=400, slug="invalid-request")
    return [error["pointer"] for error in problem["errors"]]
