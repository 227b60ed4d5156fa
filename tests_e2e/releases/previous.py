"""The last release of one service beside the other one as it is now: a folder of it, ready to run."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from releases.places import Papers, ReleaseError
from releases.release import git
from stack.environment import plain_environment

# They read files of the repository and start nothing.
STATIC = (
    "test_alerts.py",
    "test_contract*.py",
    "test_dashboard.py",
    "test_kubernetes*.py",
    "test_release.py",
    "test_workflows.py",
)


def released_commit(papers: Papers) -> str:
    """
    The commit of the last release: its tag's, or where the tag was not fetched, the one that wrote its contract down.

    :raises ReleaseError: before the first release.
    """
    version = papers.released_version()
    if version is None:
        raise ReleaseError(f"{papers.service} was never released.")
    if git(papers, "tag", "--list", papers.tag(version)):
        return git(papers, "rev-list", "-1", papers.tag(version)).strip()
    commit = git(papers, "log", "-1", "--format=%H", "--", str(papers.released)).strip()
    if not commit:
        raise ReleaseError(f"{papers.released} is not committed.")
    return commit


def unpack_release(papers: Papers, *, into: Path) -> Path:
    """
    This function will lay out the last release of a service with its own virtual environment, and return its folder.

    What was laid out before is used again. The repository and its working tree are left alone.
    """
    commit = released_commit(papers)
    folder = into / f"{papers.service}-{commit[:12]}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            _unpack(papers, commit, unfinished)
            _install(unfinished / papers.service)
            (unfinished / papers.service).rename(folder)
        finally:
            shutil.rmtree(unfinished)
    return folder


def check_beside(papers: Papers, *, folder: Path, arguments: list[str]) -> int:
    """Run the end-to-end tests with the service from `folder` in place of the current one. Return pytest's status."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(f"--ignore-glob={name}" for name in STATIC), *arguments],
        cwd=Path(__file__).parents[1],
        env={**os.environ, f"STACK_{papers.service.upper()}": str(folder)},
        check=False,
    )
    return done.returncode


def _unpack(papers: Papers, commit: str, folder: Path) -> None:
    archive = folder / "release.tar"
    git(papers, "archive", "--format=tar", f"--output={archive}", commit, "--", papers.service)
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")


def _install(folder: Path) -> None:
    """The packages that it was released with; plain pip, by their hashes."""
    environment, packages = str(folder / ".venv"), str(folder / "requirements.txt")
    python = f"{environment}/bin/python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for command in ([sys.executable, "-m", "venv", environment], [*install, "-r", packages]):
        subprocess.run(command, check=True, env=plain_environment() | _pip_settings())


def _pip_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
