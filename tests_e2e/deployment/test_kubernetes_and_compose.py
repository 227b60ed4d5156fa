"""The cluster and compose run the same things: images, commands, variables, ports and probes."""

import re
import tomllib
from fnmatch import fnmatch
from typing import Any

import pytest

from stack.places import REPOSITORY
from stack.registry import REGISTRY, SERVICES
from support.manifests import Kustomization, all_kustomizations, compose, prometheus_configuration

# Each pod of a service, and the container of compose that does the same.
OF_SERVICES = {
    (service, name.replace("_", "-")): name
    for service, entry in REGISTRY.items()
    for name in (service, f"{service}_migrate", *entry.beside)
}
PODS = {**OF_SERVICES, ("gateway", "gateway"): "gateway"}
# Addresses differ from place to place; every other value is the same.
ADDRESSES = {"ALLOWED_HOSTS", "AUTH_ISSUER", "PRODUCTS_URL", "ORDERS_URL", "LOG_LEVEL", "OTEL_EXPORTER_OTLP_ENDPOINT"}


@pytest.fixture(scope="module")
def containers() -> dict[str, Any]:
    services: dict[str, Any] = compose()["services"]
    return services


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (REPOSITORY / "service_kit" / "Dockerfile").read_text()


def test_every_pod_has_its_container_and_every_container_its_pod(containers: dict[str, Any]) -> None:
    pods = {(each.name, pod) for each in all_kustomizations() for pod in each.pods()}
    local = {"switchboard", *(entry.database for entry in REGISTRY.values())}  # servers and Services of the cluster
    local |= {name for name, container in containers.items() if "profiles" in container}  # a cluster has its own

    assert pods == set(PODS)
    assert set(containers) - (local - set(PODS.values())) == set(PODS.values())


@pytest.mark.parametrize(("pair", "name"), PODS.items(), ids=PODS.values())
def test_the_image_is_the_same(pair: tuple[str, str], name: str, containers: dict[str, Any]) -> None:
    kustomization, pod = Kustomization(pair[0]), pair[1]
    spec = kustomization.pods()[pod]["spec"]
    images = {container["image"] for container in [*spec.get("initContainers", []), *spec["containers"]]}
    renamed = {each["name"] for each in kustomization.description.get("images", [])}

    local = containers[name]["image"]

    assert images == {local.removesuffix(":current")}
    assert (local.endswith(":current")) == (images == renamed)  # a service's image has its registry and version there


@pytest.mark.parametrize(("pair", "name"), OF_SERVICES.items(), ids=OF_SERVICES.values())
def test_the_variables_are_the_same(pair: tuple[str, str], name: str, containers: dict[str, Any]) -> None:
    here, there = containers[name]["environment"], Kustomization(pair[0]).settings()

    assert there.keys() == here.keys()
    assert {key: value for key, value in there.items() if key not in ADDRESSES} == {
        key: str(value) for key, value in here.items() if key not in ADDRESSES
    }


@pytest.mark.parametrize("service", SERVICES)
def test_the_files_that_variables_name_are_mounted(service: str, containers: dict[str, Any]) -> None:
    kustomization = Kustomization(service)
    named = {value for value in kustomization.settings().values() if value.startswith("/")}

    for pod in kustomization.pods():
        mounts = {mount["name"]: mount["mountPath"] for mount in kustomization.container(pod)["volumeMounts"]}

        assert {path.rsplit("/", 1)[0] for path in named} == {mounts["keys"]}
        assert {path.rsplit("/", 1)[1] for path in named} == set(containers[service]["secrets"])


@pytest.mark.parametrize("name", [*(f"{service}_migrate" for service in SERVICES), "reconciler"])
def test_the_command_is_the_same(name: str, containers: dict[str, Any]) -> None:
    ((kustomization, pod),) = [pair for pair, container in PODS.items() if container == name]

    assert Kustomization(kustomization).container(pod)["command"] == containers[name]["command"]


@pytest.mark.parametrize(
    ("service", "admin"), [(name, entry.admin.process) for name, entry in REGISTRY.items() if entry.admin]
)
def test_the_admin_is_started_alike_and_reached_by_its_own_address(
    service: str, admin: str, containers: dict[str, Any]
) -> None:
    name = admin.replace("_", "-")
    kustomization, gateway = Kustomization(service), Kustomization("gateway")

    started = kustomization.container(name)["command"]

    assert containers[name.replace("-", "_")]["command"][: len(started)] == started
    assert kustomization.of_kind("Service")[name]["spec"]["ports"] == [
        {"name": "http", "port": 8000, "targetPort": "http"}
    ]
    assert f"{name}.shop.svc.cluster.local:8000" in gateway.settings()[f"GATEWAY_{name.upper().replace('-', '_')}"]


def test_the_gateway_is_started_alike(containers: dict[str, Any]) -> None:
    assert Kustomization("gateway").container("gateway")["args"] == containers["gateway"]["command"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_listens_where_its_image_says(service: str, dockerfile: str) -> None:
    name = service.replace("_", "-")
    kustomization = Kustomization(service)
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", dockerfile, flags=re.MULTILINE)
    (bound,) = re.findall(r"BIND=0\.0\.0\.0:(\d+)$", dockerfile, flags=re.MULTILINE)

    port, _ = kustomization.container(name)["ports"]

    assert {exposed, bound, str(port["containerPort"])} == {"8000"}
    assert kustomization.of_kind("Service")[name]["spec"]["ports"] == [
        {"name": port["name"], "port": 8000, "targetPort": port["name"]}
    ]
    assert "command" not in kustomization.container(name)  # the image's own


@pytest.mark.parametrize(("pair", "name"), OF_SERVICES.items(), ids=OF_SERVICES.values())
def test_whatever_counts_tells_its_metrics_where_prometheus_asks(pair: tuple[str, str], name: str) -> None:
    ports = {port["name"]: port["containerPort"] for port in Kustomization(pair[0]).container(pair[1]).get("ports", [])}
    bound = Kustomization(pair[0]).settings()["METRICS_BIND"]
    jobs = {job["job_name"]: job for job in prometheus_configuration("prometheus.yml")["scrape_configs"]}

    # A Job is over before anybody could ask, and what a few clerks do is no load.
    counts = not name.endswith(("_migrate", "_admin"))

    assert ("metrics" in ports) == counts
    assert (name in jobs) == counts
    if counts:
        (asked,) = jobs[name]["dns_sd_configs"]
        assert bound == f"0.0.0.0:{ports['metrics']}"
        assert (asked["names"], asked["port"]) == ([name], ports["metrics"])


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_runs_goes_into_the_image(service: str) -> None:
    folder = REPOSITORY / service
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    admitted = [line.removeprefix("!") for line in lines if line.startswith("!")]
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    packages = set(project["tool"]["importlinter"]["root_packages"]) - {"service_kit", "products_stand_in"}
    runs = {*(f"{service}/{name}/" for name in packages), *(f"{service}/{path.name}" for path in folder.glob("*.py"))}
    left_out = [line for line in lines if line.startswith("*_service/")]

    assert [path for path in sorted(runs) if not any(fnmatch(path, pattern) for pattern in admitted)] == []
    assert [path for path in runs if any(fnmatch(path.rstrip("/"), pattern) for pattern in left_out)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_is_described_as_its_project_is(service: str, containers: dict[str, Any]) -> None:
    project = tomllib.loads((REPOSITORY / service / "pyproject.toml").read_text())["project"]

    arguments = containers[service]["build"]["args"]

    assert (arguments["SERVICE"], arguments["DESCRIPTION"]) == (project["name"], project["description"])


@pytest.mark.parametrize("service", SERVICES)
def test_the_image_has_the_very_packages_that_the_tests_run_with(service: str) -> None:
    plain, image, tested = (
        set(re.findall(r"^[^ #]+==[^ ]+", (REPOSITORY / service / name).read_text(), flags=re.MULTILINE))
        for name in ("requirements.txt", "requirements-tracing.txt", "requirements-dev.txt")
    )

    assert plain < image < tested


@pytest.mark.parametrize("service", SERVICES)
def test_the_probes_ask_what_the_image_and_the_switchboard_ask(service: str, dockerfile: str) -> None:
    container = Kustomization(service).container(service.replace("_", "-"))
    switchboard = (REPOSITORY / "compose" / "switchboard.py").read_text()

    lives, is_ready = (container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe"))

    assert f"http://127.0.0.1:8000{lives}'" in dockerfile
    assert f'"GET", "{is_ready}"' in switchboard
    assert container["startupProbe"]["httpGet"] == container["livenessProbe"]["httpGet"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_names_that_are_asked_for_are_allowed(service: str) -> None:
    settings = Kustomization(service).settings()
    probes = Kustomization(service).container(service.replace("_", "-"))

    (host,) = probes["readinessProbe"]["httpGet"]["httpHeaders"]

    assert {host["value"], "gateway-internal"} <= set(settings["ALLOWED_HOSTS"].split(","))


def test_the_gateway_is_probed_and_listens_alike(containers: dict[str, Any]) -> None:
    container = Kustomization("gateway").container("gateway")
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    settings = Kustomization("gateway").settings()

    asked = container["readinessProbe"]["httpGet"]

    assert containers["gateway"]["healthcheck"]["test"][-1] == f"http://127.0.0.1:{ports[asked['port']]}{asked['path']}"
    assert settings["GATEWAY_PUBLIC_LISTEN"] == str(ports["public"])
    assert settings["GATEWAY_INTERNAL_LISTEN"] == str(ports["internal"])
    assert containers["order_service"]["environment"]["PRODUCTS_URL"].endswith(f":{ports['internal']}")


@pytest.mark.parametrize("service", SERVICES)
def test_there_are_as_many_instances_at_least(service: str, containers: dict[str, Any]) -> None:
    (scaled,) = Kustomization(service).of_kind("HorizontalPodAutoscaler").values()

    assert scaled["spec"]["minReplicas"] == containers[service]["deploy"]["replicas"]


@pytest.mark.parametrize("service", SERVICES)
def test_new_code_waits_for_its_migrations(service: str, containers: dict[str, Any]) -> None:
    (waiting,) = Kustomization(service).pods()[service.replace("_", "-")]["spec"]["initContainers"]

    assert "until python manage.py migrate --check; do" in waiting["command"][-1]
    assert containers[service]["depends_on"][f"{service}_migrate"] == {"condition": "service_completed_successfully"}
