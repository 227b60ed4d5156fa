"""The gateway serves a page for every problem `type`, which explains it."""

import re
from collections.abc import Iterator

import httpx
import pytest

from commands.problem_pages import pages
from driver.problem_types import problems
from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.places import ERRORS_PAGE, GATEWAY, PROBLEM_PAGES

DOCUMENTED = problems(ERRORS_PAGE.read_text())


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


def test_the_pages_are_those_of_the_errors_page() -> None:
    served = {path.name: path.read_text() for path in PROBLEM_PAGES.iterdir()}

    assert served == pages(ERRORS_PAGE.read_text()), "run `make pages`"


def test_every_problem_has_its_status_its_meaning_and_what_to_do() -> None:
    for slug, body in DOCUMENTED.items():
        assert re.search(r"^Status: [45]\d\d", body), slug
        assert "**What it means.**" in body, slug
        assert "**What to do.**" in body, slug


def test_every_problem_of_the_gateway_is_documented_with_its_status() -> None:
    template = (GATEWAY / "templates" / "15-problems.conf.template").read_text()
    slugs = re.search(r"\$problem_slug \{(.*?)\}", template, re.DOTALL)
    assert slugs is not None
    statuses = {slug: status.replace("default", "400") for status, slug in re.findall(r"(\w+) +([a-z-]+);", slugs[1])}

    assert "malformed-request" in statuses
    for slug, status in statuses.items():
        assert DOCUMENTED[slug].startswith(f"Status: {status}"), slug


@pytest.mark.parametrize("slug", DOCUMENTED)
def test_a_type_resolves_to_its_page(gateway: LoneGateway, slug: str) -> None:
    answer = httpx.get(f"{gateway.public_url}/problems/{slug}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"<h1>{slug}</h1>" in answer.text


def test_the_pages_allow_no_script_and_nothing_from_elsewhere(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/problems/not-found")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_list_of_problems_links_to_each(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/problems/")

    assert re.findall(r'href="/problems/([a-z-]+)"', answer.text) == list(DOCUMENTED)


def test_the_style_is_served_as_a_style(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/problems/style.css")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.parametrize("name", ["no-such-problem", "not-found.html", "not-found/", "..%2fREADME.md", "Not-Found"])
def test_there_are_no_other_pages(gateway: LoneGateway, name: str) -> None:
    answer = httpx.get(f"{gateway.public_url}/problems/{name}")

    assert answer.json()["type"] == "/problems/not-found"


def test_a_page_can_only_be_read(gateway: LoneGateway) -> None:
    answer = httpx.post(f"{gateway.public_url}/problems/not-found", json={})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
