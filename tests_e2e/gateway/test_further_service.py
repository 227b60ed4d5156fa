"""A service that the templates do not name: the gateway leads to it by its settings, and does without it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from driver.stand_in import StandIn
from gateway.lone_gateway import LoneGateway, lone_gateway
from stack.errors import StackError
from support.problems import assert_problem

ROUTES = {
    "GATEWAY_ROUTES_SHIPPING_SERVICE": "/api/v1/shipping/ /api/v1/parcels/",
    "GATEWAY_INTERNAL_ROUTES_SHIPPING_SERVICE": "/internal/v1/parcels/",
}


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "shipping.sock"


@pytest.fixture(scope="module")
def gateway(socket: Path) -> Iterator[LoneGateway]:
    """A gateway that starts while nothing listens where the further service should be."""
    servers = f"server unix:{socket} max_fails=0;"
    with lone_gateway(**ROUTES, GATEWAY_SHIPPING_SERVICE=servers) as running:
        yield running


@pytest.fixture
def shipping(socket: Path) -> Iterator[None]:
    socket.unlink(missing_ok=True)
    with StandIn("shipping_service", socket):
        yield
    socket.unlink()


@pytest.mark.usefixtures("shipping")
@pytest.mark.parametrize("path", ["/api/v1/shipping/7/?a=%2F", "/api/v1/parcels/", "/docs/shipping_service.yaml"])
def test_its_public_paths_lead_to_it(gateway: LoneGateway, path: str) -> None:
    answer = httpx.get(gateway.public_url + path).json()

    assert (answer["service"], answer["path"]) == (
        "shipping_service",
        path.replace("/docs/shipping_service", "/docs/openapi"),
    )


@pytest.mark.usefixtures("shipping")
@pytest.mark.parametrize("path", ["/internal/v1/parcels/", "/shipping_service/readyz", "/shipping_service/metrics"])
def test_its_internal_paths_and_probes_lead_to_it_from_the_internal_listener_only(
    gateway: LoneGateway, path: str
) -> None:
    internal, public = httpx.get(gateway.internal_url + path), httpx.get(gateway.public_url + path)

    assert internal.json()["service"] == "shipping_service"
    assert_problem(public, "not-found", 404)


def test_without_it_the_gateway_starts_and_serves_the_others() -> None:
    with lone_gateway(**ROUTES, GATEWAY_SHIPPING_SERVICE="server unix:/nowhere.sock max_fails=0;") as gateway:
        missing = httpx.get(f"{gateway.public_url}/api/v1/shipping/7/")
        other = httpx.get(f"{gateway.public_url}/api/v1/orders/")

    assert_problem(missing, "bad-gateway", 502)
    assert other.json()["service"] == "order_service"


def test_a_path_without_its_slash_is_a_404_problem_that_says_so(gateway: LoneGateway) -> None:
    answers = [
        httpx.get(gateway.public_url + "/api/v1/shipping"),
        httpx.get(gateway.internal_url + "/internal/v1/parcels"),
    ]

    for answer in answers:
        assert_problem(answer, "not-found", 404)
        assert "end with a slash" in answer.json()["detail"]


def test_the_refusal_of_an_unknown_method_does_not_deny_those_that_it_may_have(gateway: LoneGateway) -> None:
    answer = httpx.request("PROPFIND", f"{gateway.public_url}/api/v1/shipping/")

    assert_problem(answer, "method-not-allowed", 405)
    assert {"POST", "PUT", "PATCH", "DELETE"} <= set(answer.headers["Allow"].split(", "))


def test_the_documentation_is_told_its_name(gateway: LoneGateway) -> None:
    listed = httpx.get(f"{gateway.public_url}/docs/services.js")

    assert listed.text == 'window.furtherServices = ["shipping_service"];'
    assert listed.headers["content-type"].startswith("text/javascript")


def test_a_service_with_routes_and_without_an_upstream_is_refused() -> None:
    with pytest.raises(StackError, match="GATEWAY_SHIPPING_SERVICE"), lone_gateway(**ROUTES):
        pass
