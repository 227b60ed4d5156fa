"""Every request is counted by method, route and status, and by nothing that a client makes up."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from service_kit.testing.counting import Counting

COUNT, SUM = "http_request_duration_seconds_count", "http_request_duration_seconds_sum"
ADDRESS = "/api/v1/things/"
ROUTE = "api/v1/things/"

pytestmark = pytest.mark.django_db


def test_a_request_is_counted_once_by_method_route_and_status_and_its_seconds_too(client: Client) -> None:
    counting = Counting()

    client.get(ADDRESS)
    client.get(ADDRESS)
    client.post(ADDRESS)

    assert counting.of(COUNT) == {f"GET {ROUTE} 200": 2, f"POST {ROUTE} 401": 1}
    assert 0 < counting.of(SUM)[f"GET {ROUTE} 200"] < 60


def test_a_path_is_counted_by_its_route_and_a_path_that_leads_nowhere_as_none(client: Client) -> None:
    counting = Counting()

    client.get(f"{ADDRESS}1/")
    client.get(f"{ADDRESS}2/")
    client.get("/made/up")

    by_route = counting.of(COUNT)
    assert [number for route, number in by_route.items() if ":" in route] == [2]
    assert by_route["GET none 404"] == 1
    assert len(by_route) == 2


def test_a_method_that_a_client_makes_up_is_counted_as_other(client: Client) -> None:
    counting = Counting()

    client.generic("BREW", ADDRESS)
    client.generic("STEEP", ADDRESS)

    assert counting.of(COUNT) == {f"other {ROUTE} 405": 2}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_what_machines_ask_all_the_time_is_not_counted(client: Client, path: str) -> None:
    counting = Counting()

    client.get(path)

    assert counting.of(COUNT) == {}


def test_the_metrics_can_be_read_without_a_token_by_a_scraper(client: Client) -> None:
    client.get(ADDRESS)

    page = client.get("/metrics")

    assert page["Content-Type"].startswith("text/plain")
    families = {family.name for family in text_string_to_metric_families(page.content.decode())}
    assert "http_request_duration_seconds" in families
