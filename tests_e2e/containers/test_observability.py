"""The profile `observability`: Prometheus finds every copy and knows the rules, and traces are printed."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from containers import engine
from driver.waiting import eventually
from stack.registry import REGISTRY, SERVICES

COPIES = {part: 2 if part == name else 1 for name, entry in REGISTRY.items() for part in (name, *entry.processes)}
"""How many containers each job of Prometheus has."""
SOON = 60.0  # seconds: two scrapes, 15 s apart, on a machine that is busy
SEND_A_TRACE = """
import django
django.setup()
from service_kit.telemetry import tracing
tracing.start("somebody who looks")
with tracing.span({name!r}):
    pass
"""


@pytest.fixture
def prometheus() -> Iterator[httpx.Client]:
    if not engine.containers("prometheus"):
        pytest.skip("needs the profile: COMPOSE_PROFILES=observability make up")
    with httpx.Client(base_url=f"http://{engine.compose('port', 'prometheus', '9090')}") as client:
        yield client


def asked(prometheus: httpx.Client, path: str, **parameters: str) -> dict[str, Any]:
    answer = prometheus.get(f"/api/v1/{path}", params=parameters)
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data


def health_of_targets(prometheus: httpx.Client) -> dict[str, list[str]]:
    """Of each job, whether each of its targets is up."""
    targets = asked(prometheus, "targets")["activeTargets"]
    return {job: [each["health"] for each in targets if each["labels"]["job"] == job] for job in COPIES}


def test_every_copy_of_each_part_is_a_target_of_its_own_and_up(prometheus: httpx.Client) -> None:
    copies = {job: len(engine.containers(job)) for job in COPIES}

    seen = eventually(lambda: health_of_targets(prometheus), lambda found: found == all_up(copies), within=SOON)

    assert copies == COPIES
    assert seen == all_up(copies)


def all_up(copies: dict[str, int]) -> dict[str, list[str]]:
    return {job: ["up"] * count for job, count in copies.items()}


def test_the_rules_are_loaded_and_each_can_be_computed(prometheus: httpx.Client) -> None:
    rules = eventually(
        lambda: [rule for group in asked(prometheus, "rules")["groups"] for rule in group["rules"]],
        lambda found: bool(found) and all(rule["health"] != "unknown" for rule in found),
        within=SOON,
    )

    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []


def test_what_the_services_count_arrives(prometheus: httpx.Client) -> None:
    found = eventually(
        lambda: asked(prometheus, "query", query='gunicorn_workers{job="order_service"}')["result"],
        lambda copies: len(copies) == len(engine.containers("order_service")),
        within=SOON,
    )

    assert {copy["value"][1] for copy in found} == {"1"}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.usefixtures("prometheus")
def test_a_trace_that_a_service_sends_is_printed(service: str) -> None:
    name = f"looking-{uuid4().hex}"
    variables = ("-e", "OTEL_EXPORTER_OTLP_ENDPOINT=http://traces:4318", "-e", "DJANGO_SETTINGS_MODULE=config.settings")

    engine.compose("exec", "-T", *variables, service, "python", "-c", SEND_A_TRACE.format(name=name))

    printed = eventually(
        lambda: engine.compose("logs", "--no-log-prefix", "traces"), lambda log: name in log, within=SOON
    )
    assert f"somebody who looks: {name}" in printed
