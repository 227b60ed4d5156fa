"""A release: the contract is compared and kept, the changelog stamped, the version written down and tagged."""

import re
from datetime import date

from releases.accepted import EMPTY, read_accepted, refusals
from releases.files import HEADING, VERSION, ReleaseError, ReleaseFiles, has_section, version_numbers
from releases.repository import git

UNRELEASED = "## Unreleased\n"


def release(files: ReleaseFiles, *, version: str, today: date) -> str:
    """
    Write a release down, commit exactly that, and return the name of its tag.

    :param version: three numbers, after those of the last release.
    :raises ReleaseError: if the contract breaks the last one, there is nothing to release, or git refuses. Nothing was
        written then.
    """
    _refuse_version(files, version)
    _refuse_unfinished(files, version)
    _refuse_contract(files, version)
    written = {
        files.released: HEADING.format(version=version) + files.contract.read_text(),
        files.accepted: EMPTY,
        files.changelog: _stamped(files.changelog.read_text(), version, today),
        files.project: _replaced(files.project.read_text(), r'(?m)^version = ".*"$', f'version = "{version}"'),
        files.kustomization: _replaced(files.kustomization.read_text(), r"(?m)(?<=^    newTag: ).*$", f'"{version}"'),
    }
    files.released.parent.mkdir(exist_ok=True)
    for path, text in written.items():
        path.write_text(text)
    paths = [str(path) for path in written]
    git(files, "add", "--", *paths)
    git(files, "commit", "--quiet", "--message", f"Release {files.service} {version}", "--", *paths)
    git(files, "tag", "--annotate", "--message", f"{files.service} {version}", files.tag(version))
    return files.tag(version)


def _refuse_version(files: ReleaseFiles, version: str) -> None:
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"{version} is not a version: three numbers, with dots between.")
    last = files.released_version()
    is_released = has_section(files.changelog.read_text(), version) or git(files, "tag", "--list", files.tag(version))
    if is_released or (last and version_numbers(version) < version_numbers(last)):
        raise ReleaseError(f"{files.service} {version} was released already, or a later one was.")


def _refuse_unfinished(files: ReleaseFiles, version: str) -> None:
    if changed := git(files, "status", "--porcelain", "--", *files.built_from):
        raise ReleaseError(f"What is released must be committed; this is not:\n{changed}")
    notes = files.changelog.read_text().partition(UNRELEASED)[2].partition("\n## ")[0]
    if not notes.strip():
        raise ReleaseError(f"{files.changelog.name} has no entry for {version} under Unreleased.")


def _refuse_contract(files: ReleaseFiles, version: str) -> None:
    """The contract of a version that was written down but never released may be written again."""
    if files.released_version() != version and (found := refusals(files)):
        raise ReleaseError("The contract breaks the one that was released:\n" + "\n".join(found))
    for each in read_accepted(files):
        if each.version != version:
            raise ReleaseError(f"{each} was accepted for {each.version}, and would be released with {version}.")


def _stamped(changelog: str, version: str, today: date) -> str:
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## {version} - {today.isoformat()}\n", 1)


def _replaced(text: str, pattern: str, replacement: str) -> str:
    changed, times = re.subn(pattern, replacement, text, count=1)
    if not times:
        raise ReleaseError(f"There is nothing like {pattern} to write the version into.")
    return changed
