"""Every make target works first in a fresh clone: it sets up all the environments that its commands use."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stack.places import REPOSITORY
from stack.registry import SERVICES

HELP = re.compile(r"^  ([a-z-]+) ", re.MULTILINE)
MADE = re.compile(r"venv.main.* --without-pip (\w+)/\.venv")
USED = re.compile(r"(?:cd (\w+) && [^\n]*?(?<![./\w])|\.\./)(?:(\w+)/)?\.venv/bin/")
STARTS_SHOPS = re.compile(r"-m commands (run|demo)|-m chaos run|cd (local|proof|tests_e2e) && [^\n]*-m pytest")
CONTAINERS_ONLY = "E2E_DEVELOPMENT=yes"
ASKED = {"deploy": ["SERVICE=order_service"], "release": ["SERVICE=order_service", "VERSION=9.9.9"]}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files as they are now, and nothing that any command has made."""
    target = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S607
    for name in listed.stdout.splitlines():
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((REPOSITORY / name).read_bytes())
    return target


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],  # noqa: S607
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def used_by(commands: str) -> set[str]:
    """The projects whose virtual environments the commands use."""
    used = {folder for found in USED.finditer(commands) for folder in found.groups() if folder}
    starts_shops = any(STARTS_SHOPS.search(line) for line in commands.splitlines() if CONTAINERS_ONLY not in line)
    return used | ({*SERVICES} if starts_shops else set())


def test_every_target_sets_up_what_it_uses(clone: Path) -> None:
    targets = [name for name in HELP.findall(make(clone).stdout) if not name.startswith(("bench", "prove-mutants"))]

    missing = {}
    for target in targets:
        planned = make(clone, "--dry-run", target, *ASKED.get(target, []))
        assert planned.returncode == 0, planned.stderr
        lacking = used_by(planned.stdout) - {*MADE.findall(planned.stdout)}
        if lacking:
            missing[target] = lacking

    assert {"run", "demo", "token", "test", "test-compose", "up"} <= set(targets)
    assert missing == {}


def test_a_target_that_sets_up_too_little_is_found() -> None:
    assert used_by("cd tests_e2e && E2E=yes .venv/bin/python -m pytest x") == {"tests_e2e", *SERVICES}
    assert used_by("cd compose && ../local/.venv/bin/ruff check .") == {"local"}


@pytest.mark.parametrize(("made_in", "anew"), [("elsewhere", True), ("clone", False)])
def test_an_environment_is_made_anew_in_a_folder_that_was_moved_or_copied(
    clone: Path, tmp_path: Path, made_in: str, *, anew: bool
) -> None:
    repository = tmp_path / "clone"
    shutil.copytree(clone, repository)
    for environment in (".venv", "local/.venv"):
        command = f"command = python3 -m venv --without-pip {tmp_path / made_in / environment}\n"
        (repository / environment / "bin").mkdir(parents=True)
        (repository / environment / "pyvenv.cfg").write_text(command)
    (repository / ".venv/bin/pip").touch()
    (repository / "local/.venv/.runs").touch()

    planned = make(repository, "--dry-run", "token").stdout

    assert ('" .venv --clear' in planned) is anew
    assert (" --without-pip local/.venv --clear" in planned) is anew


def test_an_environment_without_pip_is_made_again_since_its_making_was_killed(clone: Path, tmp_path: Path) -> None:
    repository = tmp_path / "clone"
    shutil.copytree(clone, repository)
    (repository / ".venv/bin").mkdir(parents=True)
    (repository / ".venv/bin/python").touch()

    planned = make(repository, "--dry-run", "token").stdout

    assert "venv.main()" in planned.partition("Setting up local")[0]


@pytest.mark.parametrize("arguments", [["deploy"], ["psql"], ["token"], ["debug"]])
def test_what_is_not_said_is_asked_for_in_one_sentence(arguments: list[str], tmp_path: Path) -> None:
    nothing = ["COMPOSE_PROJECT_NAME=no-such-project", f"DATA_DIR={tmp_path}"]

    refused = make(REPOSITORY, "--old-file=local/.venv/.runs", *arguments, *nothing)

    assert refused.returncode != 0
    assert re.search(r"Say |No shop runs", refused.stderr), refused.stderr
    assert "Traceback" not in refused.stderr
