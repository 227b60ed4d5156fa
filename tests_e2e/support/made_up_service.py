"""A small service in a git repository of its own, for tests of releases."""

import subprocess
from pathlib import Path

from releases.files import ReleaseFiles
from releases.repository import git

CONTRACT = "paths: {/things/: {get: {responses: {'200': {description: ''}}}}}\n"
CHANGELOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- Things.\n"
PROJECT = '[project]\nname = "shoe_service"\nversion = "0.0.0"\n'
KUSTOMIZATION = 'images:\n  - name: shoe_service\n    newTag: "0.0.0"\n'


def made_up_service(repository: Path) -> ReleaseFiles:
    """A service that was never released, committed on the branch main."""
    made = ReleaseFiles("shoe_service", repository=repository)
    made.kustomization.parent.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", repository], check=True)  # noqa: S607 - the caller's git
    git(made, "config", "user.name", "A releaser")
    git(made, "config", "user.email", "releaser@shop.test")
    for path, text in (
        (made.contract, CONTRACT),
        (made.changelog, CHANGELOG),
        (made.project, PROJECT),
        (made.kustomization, KUSTOMIZATION),
    ):
        path.write_text(text)
    commit(made)
    return made


def commit(files: ReleaseFiles) -> str:
    """Commit everything as it lies there, and return the commit."""
    git(files, "add", "--all")
    git(files, "commit", "--quiet", "--allow-empty", "--message", "Work")
    return head(files)


def head(files: ReleaseFiles) -> str:
    """The commit that is checked out."""
    return git(files, "rev-parse", "HEAD").strip()


def replace(path: Path, old: str, new: str) -> None:
    """Replace text in a file, which must hold it."""
    text = path.read_text()
    if old not in text:
        raise ValueError(f"{path} does not hold {old!r}.")
    path.write_text(text.replace(old, new, 1))


def commit_news(files: ReleaseFiles) -> str:
    """Commit a change that the changelog mentions, and return the commit."""
    replace(files.changelog, "## Unreleased\n", "## Unreleased\n\n- More.\n")
    return commit(files)
