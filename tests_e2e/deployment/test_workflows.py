"""The hosted workflows: each service has its own, nothing is pinned loosely, nothing is published by accident."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.places import REPOSITORY
from stack.registry import SERVICES

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


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_workflow_that_only_its_own_files_start(service: str) -> None:
    (other,) = set(SERVICES) - {service}

    for event in ("push", "pull_request"):
        paths = workflow(service)["on"][event]["paths"]

        assert {f"{service}/**", "service_kit/**", f".github/workflows/{service}.yml"} <= set(paths)
        assert not {path for path in paths if path.startswith(other)} - {f"{other}/openapi.yaml"}


@pytest.mark.parametrize("service", SERVICES)
def test_only_a_release_with_somewhere_to_go_is_published_and_only_after_the_checks(service: str) -> None:
    jobs = workflow(service)["jobs"]

    assert jobs["publish"]["if"] == "github.ref_type == 'tag' && vars.REGISTRY != ''"
    assert set(jobs["publish"]["needs"]) == {"lint", "test"}
    assert workflow(service)["on"]["push"]["tags"] == [f"{service}-*"]
    assert [name for name, job in jobs.items() if "secrets." in str(job)] == ["publish"]


def test_an_action_that_is_not_pinned_by_commit_is_refused(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / ".github", tmp_path / ".github")
    changed = tmp_path / ".github" / "workflows" / "shop.yml"
    changed.write_text(re.sub(r"(?<=checkout)@[0-9a-f]{40} # v5.0.0", "@v5", changed.read_text(), count=1))

    refused, accepted = lint(tmp_path), lint(REPOSITORY)

    assert "action is not pinned to a hash" in refused.stdout
    assert refused.returncode
    assert accepted.returncode == 0, accepted.stdout
