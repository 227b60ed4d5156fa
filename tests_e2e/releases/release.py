"""A release: the contract is compared and kept, the changelog stamped, the version written down and tagged."""

import re
import subprocess
from datetime import date
from typing import Any

import yaml

from releases.contract import breaks
from releases.places import HEADING, VERSION, Papers, ReleaseError

UNRELEASED = "## Unreleased\n"


def contract_breaks(papers: Papers) -> list[str]:
    """What the service's contract would break for callers of its last release; nothing before the first one."""
    if not papers.released.exists():
        return []
    old: dict[str, Any] = yaml.safe_load(papers.released.read_text())
    new: dict[str, Any] = yaml.safe_load(papers.contract.read_text())
    return breaks(old, new)


def release(papers: Papers, *, version: str, today: date) -> str:
    """
    This function will write a release down, commit exactly that, and return the name of its tag.

    :param version: three numbers, after those of the last release. A release that has no tag may be written again.
    :raises ReleaseError: if the contract breaks the last one, there is nothing to release, or git refuses. Nothing was
        written then.
    """
    _refuse_version(papers, version)
    if papers.released_version() != version and (found := contract_breaks(papers)):
        raise ReleaseError("The contract breaks the one that was released:\n" + "\n".join(found))
    _refuse_unfinished(papers, version)
    written = {
        papers.released: HEADING.format(version=version) + papers.contract.read_text(),
        papers.changelog: _stamped(papers.changelog.read_text(), version, today),
        papers.project: _replaced(papers.project.read_text(), r'(?m)^version = ".*"$', f'version = "{version}"'),
        papers.kustomization: _replaced(papers.kustomization.read_text(), r"(?m)(?<=^    newTag: ).*$", f'"{version}"'),
    }
    papers.released.parent.mkdir(exist_ok=True)
    for path, text in written.items():
        path.write_text(text)
    paths = [str(path) for path in written]
    git(papers, "add", "--", *paths)
    git(papers, "commit", "--quiet", "--message", f"Release {papers.service} {version}", "--", *paths)
    git(papers, "tag", "--annotate", "--message", f"{papers.service} {version}", papers.tag(version))
    return papers.tag(version)


def git(papers: Papers, *arguments: str) -> str:
    """
    Run git in the repository and return what it printed.

    :raises ReleaseError: with what it said, if it failed.
    """
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - the caller's git
        cwd=papers.repository,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]} failed.\n{done.stderr}")
    return done.stdout


def _refuse_version(papers: Papers, version: str) -> None:
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"{version} is not a version: three numbers, with dots between.")
    last = papers.released_version()
    tagged = git(papers, "tag", "--list", papers.tag(version))
    if tagged or (last and _numbers(version) < _numbers(last)):
        raise ReleaseError(f"{papers.service} {version} was released already, or a later one was.")


def _refuse_unfinished(papers: Papers, version: str) -> None:
    if changed := git(papers, "status", "--porcelain", "--", papers.service):
        raise ReleaseError(f"What is released must be committed; this is not:\n{changed}")
    notes = papers.changelog.read_text().partition(UNRELEASED)[2].partition("\n## ")[0]
    if not notes.strip():
        raise ReleaseError(f"{papers.changelog.name} says nothing about {version} under Unreleased.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _stamped(changelog: str, version: str, today: date) -> str:
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## {version} - {today.isoformat()}\n", 1)


def _replaced(text: str, pattern: str, replacement: str) -> str:
    changed, times = re.subn(pattern, replacement, text, count=1)
    if not times:
        raise ReleaseError(f"There is nothing like {pattern} to write the version into.")
    return changed
