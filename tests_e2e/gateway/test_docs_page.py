"""The gateway serves at /docs/ a page of its own and the contracts of the services."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.registry import SERVICES

FROM_SERVICES = {
    "/docs/swagger-ui.css": ("product_service", "/docs/swagger-ui/swagger-ui.css"),
    "/docs/swagger-ui-bundle.js": ("product_service", "/docs/swagger-ui/swagger-ui-bundle.js"),
    "/docs/swagger-ui-standalone-preset.js": ("product_service", "/docs/swagger-ui/swagger-ui-standalone-preset.js"),
    **{f"/docs/{service}.yaml": (service, "/docs/openapi.yaml") for service in SERVICES},
}
OWN = {
    "/docs/": "text/html; charset=utf-8",
    "/docs/docs.js": "text/javascript; charset=utf-8",
    "/docs/docs.css": "text/css; charset=utf-8",
    "/docs/favicon.svg": "image/svg+xml",
}
CLOSED = [
    "/docs/openapi.yaml",
    "/docs/swagger-ui/swagger-ui.css",
    "/docs/oauth2-redirect.html",
    "/docs/swagger-ui-bundle.js.map",
    "/docs/..%2fproblems%2findex.html",
    "/docs/%2e%2e/nginx.conf",
    "/docs/internal.yaml",
    "/docsx/",
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway() as running:
        yield running


@pytest.mark.parametrize(("path", "kind"), OWN.items())
def test_the_page_and_its_files_are_the_gateways_own(gateway: LoneGateway, path: str, kind: str) -> None:
    before = len(gateway.received())

    answer = httpx.get(gateway.public_url + path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Cache-Control"] == "max-age=600"
    assert gateway.received()[before:] == []


@pytest.mark.parametrize(("path", "behind"), FROM_SERVICES.items())
def test_the_contracts_come_from_the_services(gateway: LoneGateway, path: str, behind: tuple[str, str]) -> None:
    answer = httpx.get(gateway.public_url + path)

    assert (answer.json()["service"], answer.json()["path"]) == behind
    assert answer.headers.get_list("Cache-Control") == ["max-age=600"]


@pytest.mark.parametrize("path", [*OWN, *FROM_SERVICES])
def test_the_page_may_load_scripts_and_send_requests_only_here(gateway: LoneGateway, path: str) -> None:
    answer = httpx.get(gateway.public_url + path)

    (policy,) = answer.headers.get_list("Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_list("X-Request-ID")


@pytest.mark.parametrize("path", ["/docs/", "/docs/docs.css", "/docs/order_service.yaml"])
def test_it_can_only_be_read(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.post(gateway.public_url + path, json={})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert gateway.received()[before:] == []


@pytest.mark.parametrize("path", CLOSED)
def test_there_is_nothing_else(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.get(gateway.public_url + path)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert gateway.received()[before:] == []


def test_a_path_without_the_slash_is_redirected_to_the_page(gateway: LoneGateway) -> None:
    answer = httpx.get(f"{gateway.public_url}/docs")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/docs/")


def test_nothing_of_it_is_on_the_internal_listener(gateway: LoneGateway) -> None:
    assert httpx.get(f"{gateway.internal_url}/docs/").status_code == 404
