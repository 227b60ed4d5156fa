"""The commit of the last release: found in the history by version and changelog, the same with and without tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from releases.files import ReleaseError, ReleaseFiles, has_section, newest_section, project_version
from releases.repository import git, is_ancestor, parents_of, text_at


@dataclass(frozen=True)
class Release:
    """A version of a service, and the commit that released it."""

    version: str
    commit: str


def last_release(files: ReleaseFiles) -> Release:
    """
    Find the last release in the history of HEAD.

    Its commit is the one that completed the release: `pyproject.toml` has the version and the changelog a dated section
    of it, and no parent has both. If a release was reverted and made again, that is the later commit.

    :raises ReleaseError: if there is no such commit here, or more than one that could be meant.
    """
    version = last_version(files)
    found = [commit for commit in _touching(files, version) if _completes(files, commit, version)]
    if not found:
        raise ReleaseError(_not_found(files, version))
    latest, *earlier = found
    if not all(is_ancestor(files, commit, latest) for commit in earlier):
        commits = ", ".join(commit[:12] for commit in found)
        raise ReleaseError(f"{files.service} {version} was released on several branches, by the commits {commits}.")
    return Release(version, latest)


def last_version(files: ReleaseFiles) -> str:
    """
    The version of the last release, on which contract, changelog and project agree in the working tree.

    :raises ReleaseError: before the first release, or if they disagree.
    """
    versions = {
        "contracts/released.openapi.yaml": files.released_version(),
        "CHANGELOG.md": newest_section(files.changelog.read_text()),
        "pyproject.toml": project_version(files.project.read_text()),
    }
    contract, section, project = versions.values()
    if contract is None and section is None:
        raise ReleaseError(f"{files.service} was never released.")
    if contract is None or not contract == section == project:
        named = ", ".join(f"{name} names {version or 'none'}" for name, version in versions.items())
        raise ReleaseError(f"The files of {files.service} disagree about its last release: {named}.")
    return contract


def misplaced_tag(files: ReleaseFiles, release: Release) -> str | None:
    """A sentence about the release's tag, if there is one and it names another commit."""
    tag = files.tag(release.version)
    if not git(files, "tag", "--list", tag):
        return None
    tagged = git(files, "rev-parse", f"refs/tags/{tag}^{{commit}}").strip()
    if tagged == release.commit:
        return None
    return (
        f"The tag {tag} names the commit {tagged[:12]}, but by version and changelog {release.commit[:12]} is the "
        "release; the tag is ignored."
    )


def _touching(files: ReleaseFiles, version: str) -> Iterator[str]:
    """The commits that add or remove the version in one of the two files, latest first."""
    escaped = re.escape(version)
    arguments = (
        *("log", "--topo-order", "--no-show-signature", "--format=%H", "--no-patch", "-m"),
        f'-G^(## {escaped} - |version = "{escaped}")',
        *("--", str(files.changelog), str(files.project)),
    )
    # A merge is listed once for each of its parents.
    yield from dict.fromkeys(git(files, *arguments).split())


def _completes(files: ReleaseFiles, commit: str, version: str) -> bool:
    """
    Whether the commit made the release complete.

    A commit without parents shows only that the release is not later: an import of old code has none, and neither has
    the last commit of a shallow clone.
    """
    parents = parents_of(files, commit)
    return (
        bool(parents)
        and _is_complete(files, commit, version)
        and not any(_is_complete(files, parent, version) for parent in parents)
    )


def _is_complete(files: ReleaseFiles, commit: str, version: str) -> bool:
    return project_version(text_at(files, commit, files.project)) == version and has_section(
        text_at(files, commit, files.changelog), version
    )


def _not_found(files: ReleaseFiles, version: str) -> str:
    released = f"{files.service} {version}"
    if git(files, "rev-parse", "--is-shallow-repository").strip() == "true":
        return (
            f"This is a shallow clone, and its history does not reach the release of {released}: "
            "run `git fetch --unshallow`."
        )
    if any(_is_complete(files, commit, version) for commit in _touching(files, version)):
        return f"The history of HEAD begins with {released} already released, so its commit is unknown."
    return (
        f"No commit in the history of HEAD released {released}: none has both that version in pyproject.toml and a "
        "dated section of it in CHANGELOG.md."
    )
