"""What every refusal must look like. The driver checks it of every answer."""

import re

import httpx

from driver.problem_types import problems
from stack.places import ERRORS_PAGE, own_errors_pages

MEMBERS = {"type", "title", "status", "detail", "instance", "errors"}

# Internal details: a stack trace, a file, a statement, a library's name.
LEAK = re.compile(
    r"Traceback|File \"|\.py\b|/(?:root|home|tmp|usr|var|srv|opt)/|site-packages|\b(?:SELECT|INSERT|UPDATE|DELETE) .*\b"
    r"(?:FROM|INTO|SET)\b|(?i:psycopg|sqlite|django|httpx|gunicorn|unix:|orders_order|inventory_|products_product)"
)


def documented() -> dict[str, int]:
    """Return the documented problem types, each with its HTTP status."""
    pages = problems("\n".join(path.read_text() for path in (ERRORS_PAGE, *own_errors_pages())))
    return {slug: int(re.findall(r"^Status: (\d{3})$", body, re.MULTILINE)[0]) for slug, body in pages.items()}


DOCUMENTED = documented()


def check_refusal(response: httpx.Response) -> None:
    """
    Check that an answer, if it is a refusal, is problem+json of a documented type that reveals nothing internal.

    :raises AssertionError: saying what is wrong with it.
    """
    if response.status_code < httpx.codes.BAD_REQUEST or response.request.method == "HEAD":
        return
    response.read()
    exchange = f"{response.request.method} {response.request.url}: {response.status_code} {response.text}"
    assert response.headers["Content-Type"] == "application/problem+json", exchange
    problem = response.json()
    assert set(problem) == MEMBERS, exchange
    slug = problem["type"].removeprefix("/problems/")
    assert DOCUMENTED.get(slug) == problem["status"] == response.status_code, exchange
    # What the client itself sent may come back, as the path does in `instance`; only our own text can leak.
    text = response.text.replace(response.request.url.path, "")
    assert not LEAK.search(text), exchange
