"""What an image is, and is not."""

import json
import tomllib
from typing import Any

import pytest

from containers import engine
from stack.places import REPOSITORY
from stack.registry import SERVICES


def image(service: str) -> dict[str, Any]:
    (found,) = json.loads(engine.run("docker", "image", "inspect", f"{service}:current"))
    assert isinstance(found, dict)
    return found


def description(service: str) -> str:
    return str(tomllib.loads((REPOSITORY / service / "pyproject.toml").read_text())["project"]["description"])


def inside(service: str, script: str) -> str:
    """Run a shell command in a container of its own, without a network."""
    return engine.run("docker", "run", "--rm", "--network", "none", f"{service}:current", "sh", "-c", script)


@pytest.mark.parametrize("service", SERVICES)
def test_it_runs_as_a_user_without_a_name_for_root_or_a_home(service: str) -> None:
    assert image(service)["Config"]["User"] == "10001:10001"
    assert inside(service, "id -u; test -e $HOME/.bash_history && echo history || echo none") == "10001\nnone"


@pytest.mark.parametrize("service", SERVICES)
def test_it_says_which_version_and_revision_it_is(service: str) -> None:
    labels = image(service)["Config"]["Labels"]

    assert labels["org.opencontainers.image.title"] == service
    assert labels["org.opencontainers.image.description"] == description(service)
    assert labels["org.opencontainers.image.version"] == engine.version(service)
    assert labels["org.opencontainers.image.revision"]


@pytest.mark.parametrize("service", SERVICES)
def test_its_user_can_change_nothing_that_runs(service: str) -> None:
    writable = inside(service, "find /app /opt/venv -writable -not -type l | head -5")

    assert writable == ""


@pytest.mark.parametrize("service", SERVICES)
def test_it_holds_what_runs_and_no_tests_or_tools(service: str) -> None:
    listed = set(inside(service, "ls -A /app").split())

    assert {"manage.py", "gunicorn.conf.py", "config"} <= listed
    assert not listed & {"tests", "Dockerfile", "pyproject.toml", "requirements-dev.txt", "db.sqlite3", ".venv"}
    kit = set(inside(service, "ls $(python -c 'import service_kit; print(service_kit.__path__[0])')").split())
    assert "rest" in kit
    assert "testing" not in kit
    assert inside(service, "ls /opt/venv/bin").split().count("pip") == 0
    assert inside(service, "for name in gcc cc ld make git; do command -v $name; done; true") == ""


@pytest.mark.parametrize("service", SERVICES)
def test_it_holds_no_secret(service: str) -> None:
    words = ("SECRET", "PASSWORD", "TOKEN", "DATABASE_URL", "KEY")
    variables = [
        name for name in image(service)["Config"]["Env"] if any(word in name.partition("=")[0] for word in words)
    ]

    assert variables == []
    assert (
        inside(service, "find / -xdev -name '*_service_private' -o -xdev -name '*_service_key' 2>/dev/null; true") == ""
    )
