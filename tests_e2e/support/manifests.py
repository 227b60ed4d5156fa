"""The manifests of the cluster and of compose, loaded for tests that compare them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stack.gateway import SUFFIX
from stack.places import GATEWAY, REPOSITORY
from stack.registry import SERVICES

Manifest = dict[str, Any]


class ComposeLoader(yaml.SafeLoader):
    """Reads compose files, whose tags (`!override`) say how they are merged."""


ComposeLoader.add_multi_constructor(
    "!", lambda loader, _tag, node: loader.construct_sequence(node) if node.value else None
)
# Each kustomization by its folder.
KUSTOMIZATIONS = {
    "gateway": GATEWAY,
    **{service: REPOSITORY / service / "deploy" / "kubernetes" for service in SERVICES},
}
KEEP_ALIVE = GATEWAY / "deploy" / "kubernetes" / "40-keep-alive.conf.template"


@dataclass(frozen=True)
class Kustomization:
    """The manifests that are applied together."""

    name: str

    @property
    def folder(self) -> Path:
        return KUSTOMIZATIONS[self.name]

    @property
    def description(self) -> Manifest:
        """The kustomization's own file."""
        loaded: Manifest = yaml.safe_load((self.folder / "kustomization.yaml").read_text())
        return loaded

    def manifests(self) -> list[Manifest]:
        """Every manifest of it."""
        paths = [self.folder / resource for resource in self.description["resources"]]
        return [manifest for path in paths for manifest in yaml.safe_load_all(path.read_text())]

    def of_kind(self, kind: str) -> dict[str, Manifest]:
        """Its manifests of one kind, by name."""
        return {found["metadata"]["name"]: found for found in self.manifests() if found["kind"] == kind}

    def pods(self) -> dict[str, Manifest]:
        """The pod templates of its Deployments and Jobs, by their names."""
        owners = {**self.of_kind("Deployment"), **self.of_kind("Job")}
        return {name: owner["spec"]["template"] for name, owner in owners.items()}

    def container(self, pod: str) -> Manifest:
        """The one container of a pod."""
        (container,) = self.pods()[pod]["spec"]["containers"]
        found: Manifest = container
        return found

    def settings(self) -> dict[str, str]:
        """What its pods find in their environment."""
        generated = [each for each in self.description["configMapGenerator"] if "envs" in each]
        return {
            name: value
            for each in generated
            for path in each["envs"]
            for name, value in environment_file(self.folder / path).items()
        }


def all_kustomizations() -> list[Kustomization]:
    """The gateway's and each service's."""
    return [Kustomization(name) for name in KUSTOMIZATIONS]


def compose() -> Manifest:
    """docker-compose.yml with the containers of further services, anchors resolved and variables left as they stand."""
    files = [REPOSITORY / "docker-compose.yml", *REPOSITORY.glob("*_service/deploy/service.compose.yml")]
    shop, *further = (yaml.load(path.read_text(), Loader=ComposeLoader) for path in files)  # noqa: S506 - a safe one
    for each in further:  # what they add to the containers of the shop is left out
        shop["services"] = {**each["services"], **shop["services"]}
    loaded: Manifest = shop
    return loaded


def prometheus_configuration(name: str) -> Manifest:
    """One of the configurations of Prometheus, with what further services bring for it."""
    loaded: Manifest = yaml.safe_load((REPOSITORY / "observability" / name).read_text())
    if "scrape_config_files" in loaded:
        for path in REPOSITORY.glob("*_service/deploy/prometheus.yml"):
            loaded["scrape_configs"] += yaml.safe_load(path.read_text())["scrape_configs"]
    return loaded


def environment_file(path: Path) -> dict[str, str]:
    """The variables of an .env file."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def gateway_files() -> set[str]:
    """Every file that the gateway needs, relative to its folder."""
    folders = [GATEWAY / "docs", GATEWAY / "problems"]
    pages = [path for folder in folders for path in folder.iterdir()]
    files = [
        GATEWAY / "nginx.conf",
        GATEWAY / "render-trusted-proxies.sh",
        GATEWAY / "render-services.sh",
        KEEP_ALIVE,
        *pages,
        *(GATEWAY / "templates").rglob(f"*{SUFFIX}"),
    ]
    return {str(path.relative_to(GATEWAY)) for path in files}
