"""The last release is found in the history by version and changelog, the same with and without tags."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from releases.files import HEADING, ReleaseError, ReleaseFiles
from releases.history import Release, last_release, misplaced_tag
from releases.release import release
from releases.repository import git
from support.made_up_service import commit, commit_news, head, made_up_service, replace

TODAY = date(2030, 1, 31)
TAG = "shoe_service-0.1.0"


@pytest.fixture
def files(tmp_path: Path) -> ReleaseFiles:
    """A service that was never released."""
    return made_up_service(tmp_path / "origin")


@pytest.fixture
def released(files: ReleaseFiles) -> Release:
    """Version 0.1.0 of it, with its tag and one later commit."""
    release(files, version="0.1.0", today=TODAY)
    found = Release("0.1.0", head(files))
    commit_news(files)
    return found


def clone(files: ReleaseFiles, *options: str) -> ReleaseFiles:
    folder = files.repository.parent / "clone"
    command = ["git", "clone", "--quiet", *options, f"file://{files.repository}", str(folder)]
    subprocess.run(command, check=True)
    return ReleaseFiles(files.service, repository=folder)


def delete_tag(files: ReleaseFiles) -> None:
    git(files, "tag", "--delete", TAG)


def test_a_release_with_its_tag_is_found_and_nothing_is_said_about_the_tag(
    files: ReleaseFiles, released: Release
) -> None:
    assert last_release(files) == released
    assert misplaced_tag(files, released) is None


def test_a_clone_without_tags_finds_the_same_release(files: ReleaseFiles, released: Release) -> None:
    cloned = clone(files, "--no-tags")

    assert git(cloned, "tag") == ""
    assert last_release(cloned) == released
    assert misplaced_tag(cloned, released) is None


def test_commits_that_touch_the_released_contract_before_or_after_are_not_the_release(files: ReleaseFiles) -> None:
    files.released.parent.mkdir()
    files.released.write_text(HEADING.format(version="0.1.0") + "paths: {}\n")
    replace(files.project, "0.0.0", "0.1.0")
    commit(files)
    release(files, version="0.1.0", today=TODAY)
    commit_of_release = head(files)
    delete_tag(files)
    replace(files.released, "paths:", "info: {title: Shoes}\npaths:")
    commit(files)

    assert last_release(files) == Release("0.1.0", commit_of_release)


def test_of_several_releases_the_last_one_is_found(files: ReleaseFiles, released: Release) -> None:
    release(files, version="0.1.10", today=TODAY)

    assert last_release(files) == Release("0.1.10", head(files))
    assert last_release(files) != released


def test_a_tag_on_another_commit_is_reported_and_ignored(files: ReleaseFiles, released: Release) -> None:
    git(files, "tag", "--force", TAG, "HEAD")

    assert last_release(files) == released
    assert misplaced_tag(files, released) == (
        f"The tag {TAG} names the commit {head(files)[:12]}, but by version and changelog {released.commit[:12]} is "
        "the release; the tag is ignored."
    )


def test_a_release_that_was_rebased_is_found_and_its_old_tag_is_reported(files: ReleaseFiles) -> None:
    base = head(files)
    release(files, version="0.1.0", today=TODAY)
    before = head(files)
    git(files, "checkout", "--quiet", "-b", "new-base", base)
    (files.repository / "README.md").write_text("Shoes.\n")
    commit(files)
    git(files, "checkout", "--quiet", "main")
    git(files, "rebase", "--quiet", "new-base")

    found = last_release(files)

    assert found == Release("0.1.0", head(files))
    assert before[:12] in (misplaced_tag(files, found) or "")


def test_later_edits_of_the_section_do_not_move_the_release(files: ReleaseFiles, released: Release) -> None:
    replace(files.changelog, "## 0.1.0 - 2030-01-31\n\n### Added\n", "## 0.1.0 - 2030-02-01\n\n### New\n")
    commit(files)

    assert last_release(files) == released


def test_a_release_in_two_commits_is_complete_with_the_second(files: ReleaseFiles, released: Release) -> None:
    replace(files.changelog, "## Unreleased\n", "## Unreleased\n\n## 0.2.0 - 2030-02-01\n")
    commit(files)
    replace(files.project, "0.1.0", "0.2.0")
    replace(files.released, "0.1.0", "0.2.0")
    commit_of_release = commit(files)
    commit_news(files)

    assert last_release(files) == Release("0.2.0", commit_of_release)
    assert last_release(files) != released


def test_a_release_that_was_reverted_and_made_again_is_the_later_one(files: ReleaseFiles) -> None:
    release(files, version="0.1.0", today=TODAY)
    delete_tag(files)
    git(files, "revert", "--no-edit", "HEAD")
    release(files, version="0.1.0", today=TODAY)

    assert last_release(files) == Release("0.1.0", head(files))


def test_a_release_on_a_branch_is_found_after_its_merge(files: ReleaseFiles) -> None:
    git(files, "checkout", "--quiet", "-b", "releasing")
    release(files, version="0.1.0", today=TODAY)
    commit_of_release = head(files)
    git(files, "checkout", "--quiet", "main")
    (files.folder / "models.py").write_text("# Later.\n")
    commit(files)
    git(files, "merge", "--quiet", "--no-edit", "releasing")
    commit_news(files)

    assert last_release(files) == Release("0.1.0", commit_of_release)


def test_a_merge_that_brings_version_and_section_together_is_the_release(files: ReleaseFiles) -> None:
    git(files, "checkout", "--quiet", "-b", "version")
    replace(files.project, "0.0.0", "0.1.0")
    files.released.parent.mkdir()
    files.released.write_text(HEADING.format(version="0.1.0") + "paths: {}\n")
    commit(files)
    git(files, "checkout", "--quiet", "main")
    replace(files.changelog, "## Unreleased\n", "## Unreleased\n\n## 0.1.0 - 2030-01-31\n")
    commit(files)
    git(files, "merge", "--quiet", "--no-edit", "version")

    assert last_release(files) == Release("0.1.0", head(files))


def test_the_same_release_on_two_branches_is_not_guessed_between(files: ReleaseFiles) -> None:
    git(files, "checkout", "--quiet", "-b", "other")
    (files.folder / "models.py").write_text("# Another state.\n")
    commit(files)
    release(files, version="0.1.0", today=TODAY)
    delete_tag(files)
    git(files, "checkout", "--quiet", "main")
    release(files, version="0.1.0", today=date(2030, 2, 1))
    git(files, "merge", "--quiet", "--no-edit", "--strategy-option=ours", "other")

    with pytest.raises(ReleaseError, match=r"shoe_service 0\.1\.0 was released on several branches"):
        last_release(files)


def test_before_the_first_release_there_is_none(files: ReleaseFiles) -> None:
    with pytest.raises(ReleaseError, match="shoe_service was never released"):
        last_release(files)


@pytest.mark.usefixtures("released")
def test_a_version_that_was_raised_without_a_section_in_the_changelog_is_no_release(files: ReleaseFiles) -> None:
    replace(files.project, "0.1.0", "0.2.0")
    commit(files)

    sentence = re.escape(
        "The files of shoe_service disagree about its last release: contracts/released.openapi.yaml names 0.1.0, "
        "CHANGELOG.md names 0.1.0, pyproject.toml names 0.2.0."
    )
    with pytest.raises(ReleaseError, match=sentence):
        last_release(files)


@pytest.mark.usefixtures("released")
def test_files_that_were_changed_but_never_committed_are_no_release(files: ReleaseFiles) -> None:
    replace(files.project, "0.1.0", "0.2.0")
    replace(files.released, "0.1.0", "0.2.0")
    replace(files.changelog, "## Unreleased\n", "## Unreleased\n\n## 0.2.0 - 2030-02-01\n")

    with pytest.raises(ReleaseError, match=r"No commit in the history of HEAD released shoe_service 0\.2\.0"):
        last_release(files)


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone_that_ends_before_or_at_the_release_says_so(files: ReleaseFiles, depth: int) -> None:
    cloned = clone(files, f"--depth={depth}")

    with pytest.raises(ReleaseError, match=r"shallow clone.*release of shoe_service 0\.1\.0.*git fetch --unshallow"):
        last_release(cloned)


def test_a_shallow_clone_that_reaches_further_than_the_release_finds_it(files: ReleaseFiles, released: Release) -> None:
    (files.repository / "README.md").write_text("Shoes.\n")
    commit(files)

    assert last_release(clone(files, "--depth=4")) == released


@pytest.mark.usefixtures("released")
def test_a_history_that_begins_after_the_release_does_not_tell_it(files: ReleaseFiles) -> None:
    git(files, "checkout", "--quiet", "--orphan", "squashed")
    commit(files)

    with pytest.raises(ReleaseError, match=r"begins with shoe_service 0\.1\.0 already released"):
        last_release(files)
