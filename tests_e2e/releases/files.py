"""The files of a service that a release reads and writes, and the last version that they name."""

import re
from dataclasses import dataclass
from pathlib import Path

from stack.places import REPOSITORY

KIT = "service_kit"
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
HEADING = "# The contract of {version}. A release writes this file; nobody edits it.\n"


class ReleaseError(Exception):
    """What was requested cannot be done in the present state."""


@dataclass(frozen=True)
class ReleaseFiles:
    """The files of one service that a release reads and writes."""

    service: str
    repository: Path = REPOSITORY

    @property
    def folder(self) -> Path:
        return self.repository / self.service

    @property
    def built_from(self) -> tuple[str, ...]:
        """The folders of the repository that a service is built from. Releases before the kit have only the first."""
        return self.service, KIT

    @property
    def contract(self) -> Path:
        """What the service offers now; generated."""
        return self.folder / "openapi.yaml"

    @property
    def released(self) -> Path:
        """What the last release offered, under a heading with its version."""
        return self.folder / "contracts" / "released.openapi.yaml"

    @property
    def accepted(self) -> Path:
        """The reviewed list of new values in answers."""
        return self.folder / "contracts" / "accepted.yaml"

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

    def tag(self, version: str) -> str:
        """The git tag of a version."""
        return f"{self.service}-{version}"

    def released_version(self) -> str | None:
        """The version of the released contract; None before the first release."""
        if not self.released.exists():
            return None
        found = VERSION.search(self.released.read_text().splitlines()[0])
        if found is None:
            raise ReleaseError(f"{self.released} does not begin with the version it belongs to.")
        return found[0]


def version_numbers(version: str) -> tuple[int, ...]:
    """The three numbers of a version, to compare versions by."""
    return tuple(map(int, version.split(".")))


def has_section(changelog: str, version: str) -> bool:
    """Whether the changelog has a dated section of the version, as a release writes it."""
    return re.search(rf"(?m)^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changelog) is not None


def newest_section(changelog: str) -> str | None:
    """The version of the first dated section."""
    found = re.search(r"(?m)^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", changelog)
    return found and found[1]


def project_version(project: str) -> str | None:
    """The version in the text of a pyproject.toml."""
    found = re.search(r'(?m)^version = "(.*)"$', project)
    return found and found[1]
