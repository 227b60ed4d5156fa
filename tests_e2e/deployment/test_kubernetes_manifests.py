"""The manifests: valid for the API, complete, pointing at each other, and confined."""

from typing import Any

import kubernetes_validate  # type: ignore[import-untyped] # it carries no types
import pytest

from stack.places import REPOSITORY
from stack.registry import SERVICES
from support.manifests import Kustomization, Manifest, all_kustomizations

API_VERSIONS = ("1.34", "1.37")  # the oldest that knows all that is used (a sleep before stopping), and the newest
EACH = pytest.mark.parametrize("kustomization", all_kustomizations(), ids=lambda each: each.name)


def is_selected(manifest: Manifest, pod: Manifest) -> bool:
    selector = manifest["spec"].get("podSelector") or manifest["spec"]["selector"]
    labels = selector.get("matchLabels", selector)
    return bool(labels) and labels.items() <= pod["metadata"]["labels"].items()


@EACH
@pytest.mark.parametrize("version", API_VERSIONS)
def test_every_manifest_is_valid(kustomization: Kustomization, version: str) -> None:
    for manifest in kustomization.manifests():
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_manifest_with_a_misspelled_field_is_not_valid() -> None:
    manifest = Kustomization("product_service").of_kind("Deployment")["product-service"]
    manifest["spec"]["template"]["spec"]["terminationGracePeriod"] = 45

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, API_VERSIONS[-1], strict=True)


@EACH
def test_every_file_is_applied(kustomization: Kustomization) -> None:
    folder = REPOSITORY / ("nginx" if kustomization.name == "gateway" else kustomization.name) / "deploy" / "kubernetes"

    files = set(folder.glob("*.yaml")) - {folder / "kustomization.yaml"}

    assert files == {kustomization.folder / resource for resource in kustomization.description["resources"]}


@EACH
def test_no_secret_is_written_down(kustomization: Kustomization) -> None:
    assert not kustomization.of_kind("Secret")
    assert "secretGenerator" not in kustomization.description


@EACH
def test_a_change_of_settings_reaches_the_pods(kustomization: Kustomization) -> None:
    generated = {each["name"] for each in kustomization.description["configMapGenerator"]}

    for pod in kustomization.pods():
        names = {source["configMapRef"]["name"] for source in kustomization.container(pod)["envFrom"]}

        assert names
        assert names <= generated  # a generated name tells the content: another content is another template


@EACH
def test_what_is_meant_for_pods_selects_some(kustomization: Kustomization) -> None:
    pods = list(kustomization.pods().values())

    for kind in ("Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"):
        found = kustomization.of_kind(kind)
        assert found
        assert [name for name, manifest in found.items() if not any(is_selected(manifest, pod) for pod in pods)] == []


@EACH
def test_every_pod_has_a_network_policy(kustomization: Kustomization) -> None:
    policies = list(kustomization.of_kind("NetworkPolicy").values())

    for pod in kustomization.pods().values():
        (policy,) = [policy for policy in policies if is_selected(policy, pod)]
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_gateway_reaches_a_service_and_prometheus_its_metrics(service: str) -> None:
    (policy,) = Kustomization(service).of_kind("NetworkPolicy").values()

    assert policy["spec"]["ingress"] == [
        {
            "from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "gateway"}}}],
            "ports": [{"protocol": "TCP", "port": 8000}],
        },
        {
            "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
            "ports": [{"protocol": "TCP", "port": 9464}],
        },
    ]


def test_only_order_service_reaches_the_internal_listener() -> None:
    (policy,) = Kustomization("gateway").of_kind("NetworkPolicy").values()

    reached = {rule["ports"][0]["port"]: rule.get("from") for rule in policy["spec"]["ingress"]}

    assert reached == {
        8080: None,
        8081: [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "order-service"}}}],
    }


@EACH
def test_a_service_is_replaced_pod_by_pod_without_a_gap(kustomization: Kustomization) -> None:
    for deployment in kustomization.of_kind("Deployment").values():
        assert deployment["spec"]["strategy"] == {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        }
    (scaled,) = kustomization.of_kind("HorizontalPodAutoscaler").values()
    target = kustomization.of_kind("Deployment")[scaled["spec"]["scaleTargetRef"]["name"]]
    assert "replicas" not in target["spec"]  # each apply would undo what the autoscaler did
    assert scaled["spec"]["minReplicas"] >= 2


@EACH
def test_a_pod_serves_on_while_it_is_being_forgotten_and_has_time_to_finish(kustomization: Kustomization) -> None:
    for pod in kustomization.pods().values():
        (container,) = pod["spec"]["containers"]
        if "readinessProbe" in container:
            pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
            assert pause >= 10
            assert pod["spec"]["terminationGracePeriodSeconds"] >= pause + 20  # gunicorn's 15, and some to spare


@EACH
def test_every_container_is_confined(kustomization: Kustomization) -> None:
    for pod in kustomization.pods().values():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
            assert "memory" in container["resources"]["limits"]


def test_the_namespace_admits_confined_pods_only() -> None:
    labels: dict[str, Any] = Kustomization("gateway").of_kind("Namespace")["shop"]["metadata"]["labels"]

    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {each.description["namespace"] for each in all_kustomizations()} == {"shop"}
