"""The last release of one service beside the other one as it is now: a folder of it, ready to run."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

from releases.files import KIT, ReleaseFiles
from releases.history import Release
from releases.repository import exists_at, git
from stack.environment import plain_environment
from stack.places import REPOSITORY

TESTS = REPOSITORY / "tests_e2e"
PIP = REPOSITORY / ".venv" / "bin" / "python"  # the one pip of all environments: see the Makefile
# Tests, in whichever folder, that read files of the repository and start nothing.
STATIC = (
    "test_accepted*.py",
    "test_alerts.py",
    "test_contract*.py",
    "test_dashboard.py",
    "test_earlier_releases.py",
    "test_kubernetes*.py",
    "test_previous*.py",
    "test_release*.py",
    "test_import_rules.py",
    "test_list_of_services.py",
    "test_settings_documented.py",
    "test_workflows.py",
)


def unpack_release(files: ReleaseFiles, release: Release, *, into: Path) -> Path:
    """
    Lay out a release of a service with its own virtual environment, and return the service's folder.

    The kit of the same commit lies beside it, if that commit has one. What was laid out before is used again. The
    repository and its working tree are left alone.
    """
    folder = into / f"{files.service}-{release.version}-{release.commit[:12]}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            _extract(files, release.commit, unfinished)
            _install(unfinished / files.service)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder / files.service


def check_beside(files: ReleaseFiles, *, folder: Path, arguments: list[str]) -> int:
    """Run the end-to-end tests with the service from `folder` in place of the current one. Return pytest's status."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(f"--ignore-glob=*{name}" for name in STATIC), *arguments],
        cwd=TESTS,
        env={**os.environ, f"STACK_{files.service.upper()}": str(folder)},
        check=False,
    )
    return done.returncode


def _extract(files: ReleaseFiles, commit: str, folder: Path) -> None:
    """Write the folders that the service was built from, as they were at the commit."""
    archive = folder / "release.tar"
    held = [name for name in files.built_from if exists_at(files, commit, name)]
    git(files, "archive", "--format=tar", f"--output={archive}", commit, "--", *held)
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    archive.unlink()


def _install(folder: Path) -> None:
    """The packages that it was released with: plain pip, by their hashes. The kit is imported from its folder."""
    environment = folder / ".venv"
    pip = [str(PIP), "-m", "pip", "--python", str(environment), "--disable-pip-version-check", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", "--without-pip", str(environment)],
        [*pip, "install", "--require-hashes", "-r", str(folder / "requirements.txt")],
    ):
        subprocess.run(command, check=True, env=plain_environment() | _pip_settings())
    kit = folder.parent / KIT
    if kit.exists():
        packages = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(environment)}))
        # Relative to the file, because the folder is renamed when it is complete.
        (packages / f"{KIT}.pth").write_text(f"{os.path.relpath(kit, packages)}\n")


def _pip_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
