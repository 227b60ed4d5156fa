"""The admins are reached by the internal listener only, with what forms need, and logins are limited."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.registry import REGISTRY

LOGIN = "/admin/products/login/"
SPELLINGS = [
    "/admin/products/",
    "/admin/orders/login/",
    "//admin/products/",
    "/%61dmin/products/",
    "/ADMIN/products/",
    "/api/v1/products/../../../admin/products/",
    "/api/v1/orders/..%2f..%2f..%2fadmin/orders/",
    "/docs/../admin/products/",
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[LoneGateway]:
    with lone_gateway(GATEWAY_ADMIN_LOGINS_PER_MINUTE="3") as running:
        yield running


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_path_on_the_public_listener_reaches_an_admin(gateway: LoneGateway, path: str) -> None:
    before = len(gateway.received())

    answer = httpx.get(f"{gateway.public_url}{path}")

    assert answer.status_code == 404
    assert gateway.received()[before:] == []


@pytest.mark.parametrize(
    ("path", "admin"),
    [
        ("/admin/products/products/product/7/change/?_popup=1", "product_admin"),
        ("/admin/products/static/admin/css/base.css", "product_admin"),
        *((entry.admin.path, entry.admin.process) for entry in REGISTRY.values() if entry.admin),
    ],
)
def test_the_internal_listener_reaches_each(gateway: LoneGateway, path: str, admin: str) -> None:
    answer = httpx.get(gateway.internal_url + path).json()

    assert (answer["service"], answer["path"]) == (admin, path)


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/products", "/admin/orders", "/admin/users/"])
def test_there_is_nothing_beside_them(gateway: LoneGateway, path: str) -> None:
    assert httpx.get(gateway.internal_url + path).status_code == 404


def test_an_admin_gets_the_headers_that_its_forms_need(gateway: LoneGateway) -> None:
    sent = {
        "Cookie": "product_admin_session=s",
        "Origin": gateway.internal_url,
        "Referer": f"{gateway.internal_url}/admin/products/",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.0.0.1",
        "Authorization": "Bearer token",
    }

    httpx.post(f"{gateway.internal_url}/admin/products/", headers=sent, data={"a": "b"})

    request = gateway.behind["product_admin"].received[-1]
    got = dict(request["headers"])
    assert {name: got.get(name.lower()) for name in sent} == {
        **sent,
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "127.0.0.1",
        "Authorization": None,
    }
    assert (got["host"], request["body"]) == (gateway.internal_url.removeprefix("http://"), "a=b")


def test_behind_a_tls_terminator_the_admin_sees_https() -> None:
    with lone_gateway(GATEWAY_ADMIN_TLS="on") as behind_tls:
        page = httpx.get(f"{behind_tls.internal_url}/admin/orders/")

    assert dict(behind_tls.behind["order_admin"].received[-1]["headers"])["x-forwarded-proto"] == "https"
    assert page.headers["strict-transport-security"] == "max-age=31536000"


def test_the_apis_never_see_a_cookie(gateway: LoneGateway) -> None:
    httpx.get(f"{gateway.internal_url}/api/v1/products/", headers={"Cookie": "product_admin_session=s"})

    assert "cookie" not in dict(gateway.products.received[-1]["headers"])


def test_a_page_may_use_its_own_files_only_and_not_be_framed(gateway: LoneGateway) -> None:
    headers = httpx.get(f"{gateway.internal_url}/admin/orders/").headers

    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert all(part in policy for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"))
    assert (headers["referrer-policy"], headers["x-frame-options"]) == ("same-origin", "DENY")


def test_logins_are_limited_while_other_pages_are_served(gateway: LoneGateway) -> None:
    answers = [httpx.post(gateway.internal_url + path, data={"password": "x"}).status_code for path in [LOGIN] * 8]
    other = httpx.post(f"{gateway.internal_url}/admin/orders/login/", data={"password": "x"})
    pages = [httpx.get(gateway.internal_url + LOGIN), httpx.post(f"{gateway.internal_url}/admin/products/", data={})]

    assert answers == [200] * 4 + [429] * 4
    assert (other.status_code, other.json()["type"]) == (429, "/problems/too-many-requests")
    assert [page.status_code for page in pages] == [200, 200]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_that_no_form_uses_is_refused(gateway: LoneGateway, method: str) -> None:
    assert httpx.request(method, f"{gateway.internal_url}/admin/products/").status_code == 405


def test_without_an_admin_the_gateway_answers_bad_gateway() -> None:
    none = "server 127.0.0.1:9 down;"
    with lone_gateway(GATEWAY_PRODUCT_ADMIN=none, GATEWAY_ORDER_ADMIN=none) as alone:
        answer = httpx.get(f"{alone.internal_url}/admin/products/")

    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/bad-gateway")
