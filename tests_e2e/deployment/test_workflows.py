"""The hosted workflows: which services they check, and that nothing is pinned loosely or published by accident."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from releases.files import ReleaseFiles
from stack.places import REPOSITORY
from stack.registry import SERVICES

COMMIT = [*("-c", "user.name=x", "-c", "user.email=x@test"), "commit", "--quiet", "--message", "x"]
WORKFLOWS = REPOSITORY / ".github" / "workflows"


def workflow(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((WORKFLOWS / f"{name}.yml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    return loaded


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter of `make check` over a folder that holds .github."""
    return subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--quiet", "--no-progress", folder / ".github"],
        capture_output=True,
        text=True,
        check=False,
    )


def services(*arguments: str, folder: Path = REPOSITORY) -> list[str]:
    """What a workflow is told."""
    command = [str(folder / ".ci" / "services"), *arguments]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    listed: list[str] = json.loads(printed.removeprefix("services="))
    return listed


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two services, of which one calls the other; the last commit is still to be made."""
    folder = tmp_path_factory.mktemp("history")
    (folder / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "services", folder / ".ci")
    (folder / "services.toml").write_text('[a_service]\n[b_service]\ncalls = { a_service = "A_URL" }\n')
    for command in (["init", "--quiet"], ["add", "."], COMMIT):
        subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S607
    return folder


@pytest.mark.parametrize(
    ("path", "concerned"),
    [
        ("a_service/a.py", ["a_service"]),
        ("a_service/openapi.yaml", ["a_service", "b_service"]),
        ("b_service/openapi.yaml", ["b_service"]),
        ("service_kit/a.py", ["a_service", "b_service"]),
        ("services.toml", ["a_service", "b_service"]),
        ("README.md", []),
    ],
)
def test_a_change_starts_the_checks_of_the_services_that_it_concerns(
    path: str, concerned: list[str], history: Path
) -> None:
    (history / path).parent.mkdir(exist_ok=True)
    with (history / path).open("a") as changed:
        changed.write("\n")
    for command in (["add", "."], COMMIT):
        subprocess.run(["git", *command], cwd=history, check=True)  # noqa: S607

    assert services("changed", "refs/heads/main", "HEAD~1", folder=history) == concerned


def test_without_something_to_compare_with_all_are_checked() -> None:
    assert services("changed", "refs/heads/new", "0" * 40) == list(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_tag_of_a_release_concerns_the_service_that_is_released(service: str) -> None:
    assert services("changed", f"refs/tags/{service}-1.2.3", "0" * 40) == [service]


def test_only_a_release_with_somewhere_to_go_is_published_and_only_after_the_checks() -> None:
    described = workflow("services")

    jobs = described["jobs"]

    assert jobs["publish"]["if"] == "github.ref_type == 'tag' && vars.REGISTRY != ''"
    assert set(jobs["publish"]["needs"]) == {"changed", "lint", "test"}
    assert described["on"]["push"]["tags"] == ["*_service-*"]
    assert [name for name, job in jobs.items() if "secrets." in str(job)] == ["publish"]


def test_the_last_release_of_every_service_is_tested_beside_the_others() -> None:
    previous = workflow("shop")["jobs"]["previous"]

    assert previous["strategy"]["matrix"]["service"] == "${{ fromJSON(needs.released.outputs.services) }}"
    assert services("released") == [name for name in SERVICES if ReleaseFiles(name).released_version()]


def test_an_action_that_is_not_pinned_by_commit_is_refused(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / ".github", tmp_path / ".github")
    changed = tmp_path / ".github" / "workflows" / "shop.yml"
    changed.write_text(re.sub(r"(?<=checkout)@[0-9a-f]{40} # v5.0.0", "@v5", changed.read_text(), count=1))

    refused, accepted = lint(tmp_path), lint(REPOSITORY)

    assert "action is not pinned to a hash" in refused.stdout
    assert refused.returncode
    assert accepted.returncode == 0, accepted.stdout
