"""Where a service keeps what a release writes down, and how the released version is found again."""

import re
from dataclasses import dataclass
from pathlib import Path

from stack.places import REPOSITORY

SERVICES = ("product_service", "order_service")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
HEADING = "# The contract of {version}. A release writes this file; nobody edits it.\n"


class ReleaseError(Exception):
    """What was asked for cannot be done as things are."""


@dataclass(frozen=True)
class Papers:
    """The files of one service that a release reads and writes."""

    service: str
    repository: Path = REPOSITORY

    @property
    def folder(self) -> Path:
        return self.repository / self.service

    @property
    def contract(self) -> Path:
        """What the service offers now; generated."""
        return self.folder / "openapi.yaml"

    @property
    def released(self) -> Path:
        """What the last release offered, under a heading with its version."""
        return self.folder / "contracts" / "released.openapi.yaml"

    @property
    def changelog(self) -> Path:
        return self.folder / "CHANGELOG.md"

    @property
    def project(self) -> Path:
        return self.folder / "pyproject.toml"

    @property
    def kustomization(self) -> Path:
        """Which image a cluster runs."""
        return self.folder / "deploy" / "kubernetes" / "kustomization.yaml"

    def all(self) -> tuple[Path, ...]:
        """What a release writes."""
        return self.released, self.changelog, self.project, self.kustomization

    def tag(self, version: str) -> str:
        """The git tag of a version."""
        return f"{self.service}-{version}"

    def released_version(self) -> str | None:
        """The version of the last release; None before the first."""
        if not self.released.exists():
            return None
        found = VERSION.search(self.released.read_text().splitlines()[0])
        if found is None:
            raise ReleaseError(f"{self.released} does not begin with the version it belongs to.")
        return found[0]
