"""How pods start, wait and end, and what they ask of the nodes: as the pages say it."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from driver.waiting import eventually
from stack.places import REPOSITORY
from stack.registry import SERVICES
from support.manifests import Kustomization, Manifest, all_kustomizations

LONGEST_TTL = (
    30  # seconds that a cluster's DNS remembers an address: kubeadm's former Corefile; 5 s is CoreDNS's default
)
GUNICORN = 15  # seconds that it gives to requests under way
OPERATIONS = REPOSITORY / "docs" / "operations.md"


def waiting_containers(service: str) -> list[Manifest]:
    """What runs before each pod's own container."""
    return [each for pod in Kustomization(service).pods().values() for each in pod["spec"].get("initContainers", [])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder for PATH whose `python` fails twice, then succeeds; its calls are in `calls`. Pauses take no time."""
    for name, script in {
        "python": f'echo "$@" >>{tmp_path}/calls; [ "$(wc -l <{tmp_path}/calls)" -ge 3 ]',
        "sleep": "exec /bin/sleep 0.01",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o700)
    return tmp_path


def environment(path: Path) -> dict[str, str]:
    return {"PATH": f"{path}:/usr/bin:/bin"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_pod_waits_without_failing_until_what_it_needs_is_there(service: str, path: Path) -> None:
    waiting = waiting_containers(service)

    for container in waiting:
        (path / "calls").unlink(missing_ok=True)
        done = subprocess.run(container["command"], env=environment(path), check=False)

        assert (done.returncode, len((path / "calls").read_text().splitlines())) == (0, 3)
    assert len(waiting) == len(Kustomization(service).pods())


@pytest.mark.parametrize("service", SERVICES)
def test_a_pod_that_waits_ends_when_it_is_told_to(service: str, path: Path) -> None:
    (path / "python").write_text(f"#!/bin/sh\necho >{path}/calls\nexit 1\n")

    for command in {tuple(container["command"]) for container in waiting_containers(service)}:
        assert ends_with(command, path) == 143  # by its own trap: the first process of a container has no other way


def ends_with(command: Sequence[str], path: Path) -> int:
    (path / "calls").unlink(missing_ok=True)
    with subprocess.Popen(command, env=environment(path)) as process:
        eventually((path / "calls").exists, bool, within=30)
        process.terminate()
    return process.returncode


@pytest.mark.parametrize("service", SERVICES)
def test_a_job_waits_for_its_database_longer_than_any_database_starts(service: str) -> None:
    (job,) = Kustomization(service).of_kind("Job").values()
    (waiting,) = job["spec"]["template"]["spec"]["initContainers"]

    assert "until python manage.py showmigrations" in waiting["command"][-1]  # it fails without a database only
    assert job["spec"]["activeDeadlineSeconds"] >= 3600


@pytest.mark.parametrize("service", SERVICES)
def test_a_pod_serves_on_for_as_long_as_the_gateway_may_use_its_address(service: str) -> None:
    settings = " ".join(Kustomization("gateway").settings().values())
    (asks_every,) = {int(seconds) for seconds in re.findall(r"valid=(\d+)s", settings)}
    specs = [pod["spec"] for pod in Kustomization(service).pods().values()]
    served = [spec for spec in specs if "lifecycle" in spec["containers"][0]]

    for spec in served:
        pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]

        assert pause >= LONGEST_TTL + asks_every + 5  # and some for the cluster to take it out of the list
        assert spec["terminationGracePeriodSeconds"] >= pause + GUNICORN + 15
        assert f"keeps serving for {pause} s" in OPERATIONS.read_text()
    assert len(served) == 2


def cores(pod: dict[str, Any]) -> float:
    asked = [container["resources"]["requests"]["cpu"] for container in pod["spec"]["containers"]]
    return sum(float(cpu.removesuffix("m")) / (1000 if cpu.endswith("m") else 1) for cpu in asked)


def usual_cores(kustomization: Kustomization) -> float:
    """Return what its Deployments ask for where the autoscaler has added nothing."""
    (scaled,) = kustomization.of_kind("HorizontalPodAutoscaler").values()
    deployments = [each["spec"] for each in kustomization.of_kind("Deployment").values()]
    least: int = scaled["spec"]["minReplicas"]
    return sum(float(each.get("replicas", least)) * cores(each["template"]) for each in deployments)


def test_the_pages_say_how_many_cores_the_shop_asks_for() -> None:
    usual = sum(map(usual_cores, all_kustomizations()))
    # A deploy adds one pod to each Deployment that is applied, and the Job.
    one_more = max(sum(map(cores, each.pods().values())) for each in all_kustomizations())

    said = f"{usual:.3g} cores, and {usual + one_more:.3g} during a deploy"

    assert said in " ".join(OPERATIONS.read_text().split())


@pytest.mark.parametrize("service", SERVICES)
def test_the_autoscaler_counts_the_connections_that_a_pod_has(service: str) -> None:
    kustomization = Kustomization(service)
    (threads,) = re.findall(r'"WEB_THREADS", "(\d+)"', (REPOSITORY / service / "gunicorn.conf.py").read_text())

    connections = int(threads) * int(kustomization.settings()["WEB_CONCURRENCY"])

    assert f"up to {connections} connections" in (kustomization.folder / "autoscaler.yaml").read_text()
