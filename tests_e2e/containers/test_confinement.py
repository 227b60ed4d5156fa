"""What the containers may do, and whom they can reach."""

import json
from typing import Any

import httpx
import pytest

from containers import engine
from driver.shop import Shop
from stack.registry import REGISTRY, SERVICES
from support.problems import assert_problem

DATABASES = tuple(entry.database for entry in REGISTRY.values())
# Who calls another service does so through the private network, and meets the other callers there.
CALLERS = {part for name, entry in REGISTRY.items() if entry.calls for part in (name, *entry.processes)}
NEIGHBOURS: dict[str, set[str]] = {"gateway": CALLERS, "switchboard": set()} | {
    part: ({entry.database, name, *entry.processes} | (CALLERS | {"gateway"} if entry.calls else set())) - {part}
    for name, entry in REGISTRY.items()
    for part in (name, *entry.processes)
}
# With the profile `observability`: these watch both services, from a network of each.
WATCHERS = {"prometheus", "traces"}


def by_service() -> dict[str, dict[str, Any]]:
    return {engine.service_of(container): container for container in engine.every_container()}


def test_no_container_can_write_its_root_file_system_or_gain_privileges() -> None:
    for service, container in by_service().items():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert bool(host["CapAdd"]) == (service in DATABASES), service
        assert not host["Privileged"], service
        assert "no-new-privileges:true" in host["SecurityOpt"], service


def test_every_container_has_limits_and_small_logs() -> None:
    for service, container in by_service().items():
        host = container["HostConfig"]
        assert host["Memory"] > 0, service
        assert host["NanoCpus"] > 0, service
        assert host["PidsLimit"] > 0, service
        assert host["LogConfig"]["Config"]["max-size"] == "10m", service


def test_what_is_published_is_the_gateway_and_prometheus_on_loopback() -> None:
    containers = by_service()
    published = {
        (service, port, binding["HostIp"])
        for service, container in containers.items()
        for port, bindings in (container["HostConfig"]["PortBindings"] or {}).items()
        for binding in bindings
    }

    expected = {("gateway", "8080/tcp", "127.0.0.1"), ("prometheus", "9090/tcp", "127.0.0.1")}
    assert published == {each for each in expected if each[0] in containers}


@pytest.mark.parametrize("service", NEIGHBOURS)
def test_a_container_shares_a_network_with_whom_it_needs_and_nobody_else(service: str) -> None:
    networks = {
        name: set(container["NetworkSettings"]["Networks"])
        for name, container in by_service().items()
        if container["State"]["Running"]
    }

    neighbours = {name for name in networks if name != service and networks[name] & networks[service]}

    assert neighbours - WATCHERS == NEIGHBOURS[service]


def test_nothing_but_the_gateway_and_prometheus_is_in_a_network_that_leads_outside_and_each_in_its_own() -> None:
    containers = by_service()
    project = containers["gateway"]["Config"]["Labels"]["com.docker.compose.project"]
    label = f"label=com.docker.compose.project={project}"
    names = engine.run("docker", "network", "ls", "--quiet", "--filter", label).split()
    networks = json.loads(engine.run("docker", "network", "inspect", *names))

    leading_outside = {
        network["Labels"]["com.docker.compose.network"]: set(network["Containers"])
        for network in networks
        if not network["Internal"] and network["Containers"]
    }

    expected = {"public": "gateway", "observability": "prometheus"}
    assert leading_outside == {
        network: {containers[service]["Id"]} for network, service in expected.items() if service in containers
    }


def test_the_public_port_leads_to_nothing_internal(shop: Shop) -> None:
    for path in ("/internal/v1/reservations/", "/product_service/readyz", "/order_service/metrics"):
        assert_problem(httpx.get(shop.public_url + path), "not-found", 404)


def test_the_internal_listener_is_in_the_private_network_only() -> None:
    networks = by_service()["gateway"]["NetworkSettings"]["Networks"]
    addresses = {name.rpartition("_")[2]: network["IPAddress"] for name, network in networks.items()}

    listening = engine.compose("exec", "-T", "gateway", "cat", "/proc/net/tcp")

    assert f"{_hexadecimal(addresses['private'])}:1F91" in listening
    assert f"{_hexadecimal(addresses['public'])}:1F91" not in listening
    assert "00000000:1F91" not in listening


def test_secrets_can_be_read_where_they_are_needed_and_nowhere_else() -> None:
    secrets = {
        service: engine.compose("exec", "-T", service, "sh", "-c", "ls /run/secrets").split()
        for service in (*SERVICES, *DATABASES)
    }

    assert all("issuer_private" not in names for names in secrets.values())
    assert [service for service, names in secrets.items() if "order_service_private" in names] == ["order_service"]
    assert not set(secrets["product_service"]) & {"product_database_admin", "order_database_url"}
    assert not set(secrets["order_service"]) & {"order_database_admin", "product_database_url"}


def _hexadecimal(address: str) -> str:
    """An address as /proc/net/tcp writes it."""
    return "".join(f"{int(part):02X}" for part in reversed(address.split(".")))
