"""A release: what it writes down and what it refuses."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from releases.accepted import refusals
from releases.files import HEADING, ReleaseError, ReleaseFiles
from releases.release import release
from releases.repository import git
from support.made_up_service import CHANGELOG, CONTRACT, PROJECT, commit, commit_news, made_up_service

TODAY = date(2030, 1, 31)


@pytest.fixture
def files(tmp_path: Path) -> ReleaseFiles:
    return made_up_service(tmp_path)


def test_a_release_keeps_the_contract_stamps_the_changelog_and_is_tagged(files: ReleaseFiles) -> None:
    tag = release(files, version="0.1.0", today=TODAY)

    assert yaml.safe_load(files.released.read_text()) == yaml.safe_load(CONTRACT)
    assert files.released_version() == "0.1.0"
    assert files.changelog.read_text() == CHANGELOG.replace(
        "## Unreleased\n", "## Unreleased\n\n## 0.1.0 - 2030-01-31\n"
    )
    assert 'version = "0.1.0"' in files.project.read_text()
    assert 'newTag: "0.1.0"' in files.kustomization.read_text()
    assert tag == "shoe_service-0.1.0"
    assert git(files, "rev-parse", f"{tag}^{{commit}}") == git(files, "rev-parse", "HEAD")
    assert git(files, "status", "--porcelain") == ""


def test_a_second_release_follows_the_first(files: ReleaseFiles) -> None:
    release(files, version="0.1.0", today=TODAY)
    commit_news(files)

    release(files, version="0.1.1", today=TODAY)

    assert files.released_version() == "0.1.1"


def test_a_release_is_not_written_again_where_its_tag_was_not_fetched(files: ReleaseFiles) -> None:
    release(files, version="0.1.0", today=TODAY)
    git(files, "tag", "--delete", "shoe_service-0.1.0")
    commit_news(files)

    with pytest.raises(ReleaseError, match="was released already"):
        release(files, version="0.1.0", today=TODAY)


def test_a_contract_that_was_written_down_before_its_release_may_be_written_again(files: ReleaseFiles) -> None:
    files.released.parent.mkdir()
    files.released.write_text(HEADING.format(version="0.1.0") + CONTRACT)
    files.contract.write_text("paths: {}\n")
    commit(files)

    release(files, version="0.1.0", today=TODAY)

    assert yaml.safe_load(files.released.read_text()) == {"paths": {}}


@pytest.mark.parametrize("version", ["0.1", "v0.1.0", "0.1.0-rc1", "00.1.0"])
def test_a_version_is_three_numbers(files: ReleaseFiles, version: str) -> None:
    with pytest.raises(ReleaseError, match="is not a version"):
        release(files, version=version, today=TODAY)


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", "0.0.10"])
def test_versions_only_go_up(files: ReleaseFiles, version: str) -> None:
    release(files, version="0.2.0", today=TODAY)
    commit_news(files)

    with pytest.raises(ReleaseError, match="was released already"):
        release(files, version=version, today=TODAY)


def test_what_is_not_committed_is_not_released(files: ReleaseFiles) -> None:
    files.project.write_text(PROJECT + "\n")

    with pytest.raises(ReleaseError, match="must be committed"):
        release(files, version="0.1.0", today=TODAY)


def test_a_kit_with_changes_that_are_not_committed_is_not_released_with_a_service(files: ReleaseFiles) -> None:
    kit = files.repository / "service_kit"
    kit.mkdir()
    (kit / "rest.py").write_text("# as committed\n")
    commit(files)
    (kit / "rest.py").write_text("# as changed\n")

    with pytest.raises(ReleaseError, match=r"must be committed.*(?s:.)*service_kit/rest\.py"):
        release(files, version="0.1.0", today=TODAY)


def test_changes_elsewhere_in_the_repository_stop_no_release_and_are_not_part_of_it(files: ReleaseFiles) -> None:
    other = files.repository / "other_service"
    other.mkdir()
    (other / "models.py").write_text("# not committed\n")

    release(files, version="0.1.0", today=TODAY)

    assert git(files, "status", "--porcelain") == "?? other_service/\n"


def test_nothing_is_released_without_a_word_about_it(files: ReleaseFiles) -> None:
    release(files, version="0.1.0", today=TODAY)

    with pytest.raises(ReleaseError, match=r"has no entry for 0\.1\.1"):
        release(files, version="0.1.1", today=TODAY)


def test_a_contract_that_breaks_the_last_one_is_not_released_and_nothing_is_written(files: ReleaseFiles) -> None:
    release(files, version="0.1.0", today=TODAY)
    files.contract.write_text("paths: {}\n")
    commit_news(files)

    with pytest.raises(ReleaseError, match="GET /things/ was removed"):
        release(files, version="0.2.0", today=TODAY)

    assert refusals(files) == ["GET /things/ was removed"]
    assert git(files, "status", "--porcelain") == ""
