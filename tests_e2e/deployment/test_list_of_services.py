"""What cannot read services.toml says the same: compose and the gateway's templates."""

import re
from typing import Any

import pytest
import yaml

from stack.gateway import gateway_settings
from stack.places import GATEWAY, REPOSITORY
from stack.registry import REGISTRY, SERVICES, Entry, further_services
from support.manifests import ComposeLoader, compose

# A location of a prefix, to the end of its block. Those that begin with a dot are reached from inside the gateway only.
PREFIX = re.compile(r"location (/(?!\.)\S+) \{(?:(?!\n {0,4}\}).)*?proxy_pass http://(\w+)/", flags=re.DOTALL)
ADMINS = {(entry.admin.path, entry.admin.process) for entry in REGISTRY.values() if entry.admin}


@pytest.fixture(scope="module")
def containers() -> dict[str, Any]:
    services: dict[str, Any] = compose()["services"]
    return services


KNOWN = {name: entry for name, entry in REGISTRY.items() if entry not in further_services()}


def routes(listener: str) -> set[tuple[str, str]]:
    """The paths that a listener of the gateway leads on from, with the upstream that each leads to."""
    return set(PREFIX.findall((GATEWAY / "templates" / f"{listener}.conf.template").read_text()))


@pytest.mark.parametrize("service", SERVICES)
def test_every_process_of_a_service_is_a_container_of_its_image(service: str, containers: dict[str, Any]) -> None:
    entry = REGISTRY[service]

    for name in (service, f"{service}_migrate", *entry.beside):
        assert containers[name]["image"] == f"{service}:current", name
    for process, command in entry.processes.items():
        assert containers[process]["command"][-1] == command
    assert f"{entry.database}_url" in containers[service]["secrets"]
    assert entry.database in containers


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_whom_it_calls_and_whom_it_trusts(service: str, containers: dict[str, Any]) -> None:
    entry = REGISTRY[service]

    assert {*entry.calls.values(), *entry.trusts.values()} <= containers[service]["environment"].keys()
    assert {f"{caller}_jwks" for caller in entry.trusts} <= set(containers[service]["secrets"])
    assert (f"{service}_private" in containers[service]["secrets"]) == bool(entry.calls)


def test_the_switchboard_has_the_sockets_of_every_service_and_no_others(containers: dict[str, Any]) -> None:
    mounted = {volume for volume in containers["switchboard"]["volumes"] if ":/sockets/" in volume}

    assert mounted == {f"{service}_sockets:/sockets/{service}" for service in KNOWN}


def test_the_public_listener_leads_to_the_public_paths_and_nowhere_else() -> None:
    assert routes("20-public") == {(path, name) for name, entry in KNOWN.items() for path in entry.public}


def test_the_internal_listener_leads_to_the_internal_paths_and_the_admins_and_nowhere_else() -> None:
    internal = {(path, name) for name, entry in KNOWN.items() for path in entry.internal}

    assert routes("30-internal") == internal | ADMINS


def test_the_gateway_has_a_setting_for_where_each_service_and_each_admin_is() -> None:
    upstreams = {*KNOWN, *(process for _, process in ADMINS)}
    templates = "".join(path.read_text() for path in (GATEWAY / "templates").rglob("*.template"))

    assert set(re.findall(r"^upstream (\w+) \{", templates, flags=re.MULTILINE)) == upstreams
    assert {f"GATEWAY_{name.upper()}" for name in upstreams} <= gateway_settings().keys()


@pytest.mark.parametrize("entry", further_services(), ids=lambda entry: entry.name)
def test_the_file_of_a_further_service_tells_the_others_of_it(entry: Entry) -> None:
    folder, name = REPOSITORY / entry.name, entry.name.upper()
    containers = yaml.load((folder / "deploy" / "service.compose.yml").read_text(), Loader=ComposeLoader)["services"]  # noqa: S506

    told = containers["gateway"]["environment"]

    assert told[f"GATEWAY_ROUTES_{name}"] == " ".join(entry.public)
    assert told.get(f"GATEWAY_INTERNAL_ROUTES_{name}", "") == " ".join(entry.internal)
    assert f"{entry.name}_sockets:/sockets/{entry.name}" in containers["switchboard"]["volumes"]
    for callee, scopes in entry.scopes.items():
        row = f"/run/secrets/{entry.name}_jwks {' '.join(scopes)}"
        assert containers[callee]["environment"][f"TRUSTED_SERVICE_{name}"] == row
