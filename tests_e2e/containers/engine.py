"""The shop's containers, as the one who runs them sees them."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from stack.places import REPOSITORY
from stack.registry import SERVICES

TIMEOUT = 240  # seconds


def run(*command: str) -> str:
    """
    Run a command in the repository and return what it printed.

    :raises AssertionError: with all of it, if the command failed.
    """
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=TIMEOUT, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


def compose(*arguments: str) -> str:
    return run("docker", "compose", *arguments)


def manage(service: str, *arguments: str) -> str:
    """Run a management command in one of the service's containers."""
    return compose("exec", "-T", service, "python", "manage.py", *arguments)


def containers(service: str) -> list[str]:
    """The ids of a service's running containers."""
    return compose("ps", "--quiet", service).split()


def every_container() -> list[dict[str, Any]]:
    """What the engine knows of each container of the shop, finished ones too."""
    ids = compose("ps", "--all", "--quiet").split()
    found: list[dict[str, Any]] = json.loads(run("docker", "inspect", *ids))
    return found


def service_of(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"]["com.docker.compose.service"])


def deploy(service: str, *, version: str, arguments: Sequence[str] = ()) -> None:
    """Do what `make deploy` does."""
    run("python3", "compose/deploy.py", service, "--version", version, *arguments)


def version(service: str) -> str:
    """The version in a service's /livez, as the gateway reaches it."""
    address = f"http://gateway.internal:8081/{service}/livez"
    return str(json.loads(compose("exec", "-T", "gateway", "curl", "-fsS", address))["version"])


def is_healthy(container: str) -> bool:
    return run("docker", "inspect", "--format", "{{.State.Health.Status}}", container) == "healthy"


def forget_images(version: str) -> None:
    """Remove the names of the images that deploys of this version have left; what is in use stays."""
    for service in SERVICES:
        if run("docker", "images", "--quiet", f"{service}:{version}"):
            run("docker", "image", "rm", f"{service}:{version}")
