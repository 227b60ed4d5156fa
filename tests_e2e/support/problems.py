"""The check of a refusal."""

import httpx


def assert_problem(response: httpx.Response, slug: str, status: int) -> None:
    """Check that an answer is problem+json of this type, with all that api clients rely on."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
