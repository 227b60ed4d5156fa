"""What the releases need of git: a command in the repository, and files as they were at a commit."""

import subprocess
from pathlib import Path

from releases.files import ReleaseError, ReleaseFiles


def git(files: ReleaseFiles, *arguments: str) -> str:
    """
    Run git in the repository and return what it printed.

    :raises ReleaseError: with git's message, if it failed.
    """
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - the caller's git
        cwd=files.repository,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]} failed.\n{done.stderr}")
    return done.stdout


def exists_at(files: ReleaseFiles, commit: str, path: str) -> bool:
    """Whether the commit holds this file or folder of the repository."""
    return bool(git(files, "ls-tree", "--name-only", commit, "--", path))


def text_at(files: ReleaseFiles, commit: str, path: Path) -> str:
    """The file's text at the commit; empty where there is no such file."""
    inside = path.relative_to(files.repository).as_posix()
    return git(files, "show", f"{commit}:{inside}") if exists_at(files, commit, inside) else ""


def parents_of(files: ReleaseFiles, commit: str) -> list[str]:
    """The parents that this clone has; none for the commit at which a shallow clone ends."""
    return git(files, "rev-list", "--parents", "--max-count=1", commit).split()[1:]


def is_ancestor(files: ReleaseFiles, earlier: str, later: str) -> bool:
    """Whether `earlier` is part of the history of `later`."""
    return git(files, "merge-base", earlier, later).strip() == earlier
