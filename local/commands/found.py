"""The shop that a command is meant for: the one of `make run`, or the containers."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.claim import Running, running_shop
from stack.errors import StackError
from stack.places import REPOSITORY

PROJECTS = ("shop", "shop-development")  # of `make up`, and of `docker compose up`
NONE = (
    "No shop runs: neither that of `make run` on {data}, nor containers of {projects}. "
    "Start one, or name the folder of its data by DATA_DIR=..."
)
TWO = "Two shops run: that of `make run`, and containers. Say which one is meant: SHOP=local or SHOP=containers."
TWO_PROJECTS = "Containers of {projects} run. Say which ones are meant, for example COMPOSE_PROJECT_NAME={first}."


@dataclass(frozen=True)
class Containers:
    """
    The shop in containers.

    :param ids: of those that run, by the service's name in compose.
    """

    project: str
    ids: Mapping[str, Sequence[str]]

    @property
    def is_development(self) -> bool:
        """Whether they are those of a bare `docker compose up`; no others render the problem pages anew."""
        return "problem_pages" in self.ids

    @property
    def compose(self) -> str:
        """What a command of Docker Compose for these containers begins with."""
        return "docker compose" if self.is_development else "docker compose --file docker-compose.yml"

    def one(self, service: str) -> str:
        """
        Return the id of one container.

        :raises StackError: if none runs.
        """
        if not self.ids.get(service):
            raise StackError(f"No container of {service} runs. `{self.compose} up --detach {service}` starts it.")
        return self.ids[service][0]

    def source_of(self, service: str, destination: str) -> str | None:
        """Return what is mounted there in a container: the path on this machine."""
        mounts = json.loads(docker("inspect", "--format", "{{json .Mounts}}", self.one(service)))
        found = [str(mount["Source"]) for mount in mounts if mount["Destination"] == destination]
        return found[0] if found else None


def find_shop(data: Path, shop: str = "") -> Running | Containers:
    """
    Return the shop that runs.

    :param shop: `local` or `containers`, if only that one is meant.
    :raises StackError: if none runs, or if two do.
    """
    local = running_shop(data) if shop != "containers" else None
    containers = find_containers() if shop != "local" else None
    if local is not None and not local.public_url:
        raise StackError("The shop is just starting. Try again in a moment.")
    if local and containers:
        raise StackError(TWO)
    found = local or containers
    if found is None:
        raise StackError(NONE.format(data=data, projects=" or ".join(_projects())))
    return found


def docker(*arguments: str) -> str:
    """
    Return what a docker command prints.

    :raises StackError: if it fails, with what it printed.
    """
    command = ["docker", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if done.returncode:
        raise StackError(f"docker {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


def find_containers() -> Containers | None:
    """
    Return the shop in containers, if one runs.

    :raises StackError: if two do.
    """
    found = [containers for project in _projects() if (containers := _of_project(project))]
    if len(found) > 1:
        projects = [each.project for each in found]
        raise StackError(TWO_PROJECTS.format(projects=" and ".join(projects), first=projects[0]))
    return found[0] if found else None


def _of_project(project: str) -> Containers | None:
    if shutil.which("docker") is None:
        return None
    shown = '{{.ID}} {{.Label "com.docker.compose.service"}}'
    try:
        listed = docker("ps", "--filter", f"label=com.docker.compose.project={project}", "--format", shown)
    except StackError:
        return None  # no engine runs, and so no containers
    ids: dict[str, list[str]] = {}
    for line in listed.splitlines():
        number, _, service = line.partition(" ")
        ids.setdefault(service, []).append(number)
    return Containers(project, ids) if ids else None


def _projects() -> Sequence[str]:
    named = os.environ.get("COMPOSE_PROJECT_NAME")
    return [named] if named else PROJECTS
