"""A copy of the repository in a folder of its own, and what `docker compose` makes of it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from stack.places import REPOSITORY

SOON = 30.0  # seconds, for a machine that builds images beside


@dataclass(frozen=True)
class Clone:
    """The repository's files in a folder of their own, without anything that is made from them."""

    folder: Path
    project: str

    def compose(self, *arguments: str) -> str:
        done = self.run("docker", "compose", *arguments)
        assert done.returncode == 0, f"docker compose {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE_")}
        ports = {"PORT": "0", "PRODUCT_DATABASE_PORT": "0", "ORDER_DATABASE_PORT": "0"}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**variables, **ports, "COMPOSE_PROJECT_NAME": self.project},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def url(self, path: str) -> str:
        return f"http://{self.compose('port', 'gateway', '8080')}{path}"

    def get(self, path: str) -> str:
        return httpx.get(self.url(path), timeout=SOON).text

    def left(self) -> list[str]:
        """The ids of the containers, networks and volumes that there are of it."""
        kinds = (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
        only = ("--quiet", "--filter", f"label=com.docker.compose.project={self.project}")
        return [name for kind in kinds for name in self.run("docker", *kind, *only).stdout.split()]


def clone_to(folder: Path) -> Clone:
    """Copy every file of the repository that git knows, or would add."""
    folder.chmod(0o755)  # the containers' user enters it too
    tracked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    listed = subprocess.run(tracked, cwd=REPOSITORY, check=True, capture_output=True).stdout
    pack = ["tar", "--create", "--null", "--ignore-failed-read", "--files-from=-"]
    packed = subprocess.run(pack, cwd=REPOSITORY, input=listed, check=True, capture_output=True).stdout
    subprocess.run(["tar", "--extract"], cwd=folder, input=packed, check=True)
    return Clone(folder, f"shop-newcomer-{uuid4().hex[:6]}")
