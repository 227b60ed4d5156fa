"""A release: what it writes down, what it refuses, and how the released version is found again."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from releases.places import Papers, ReleaseError
from releases.previous import released_commit
from releases.release import contract_breaks, git, release

TODAY = date(2030, 1, 31)
CONTRACT = "paths: {/things/: {get: {responses: {'200': {description: ''}}}}}\n"
CHANGELOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- Things.\n"
PROJECT = '[project]\nname = "shoe_service"\nversion = "0.0.0"\n'
KUSTOMIZATION = 'images:\n  - name: shoe_service\n    newTag: "0.0.0"\n'


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """A service that was never released, committed in a repository of its own."""
    made = Papers("shoe_service", repository=tmp_path)
    made.kustomization.parent.mkdir(parents=True)
    for path, text in (
        (made.contract, CONTRACT),
        (made.changelog, CHANGELOG),
        (made.project, PROJECT),
        (made.kustomization, KUSTOMIZATION),
    ):
        path.write_text(text)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)  # noqa: S607 - the caller's git
    git(made, "config", "user.name", "A releaser")
    git(made, "config", "user.email", "releaser@shop.test")
    commit(made)
    return made


def commit(papers: Papers) -> None:
    git(papers, "add", "--all")
    git(papers, "commit", "--quiet", "--message", "Work")


def news(papers: Papers) -> None:
    papers.changelog.write_text(papers.changelog.read_text().replace("## Unreleased\n", "## Unreleased\n\n- More.\n"))
    commit(papers)


def test_a_release_keeps_the_contract_stamps_the_changelog_and_is_tagged(papers: Papers) -> None:
    tag = release(papers, version="0.1.0", today=TODAY)

    assert yaml.safe_load(papers.released.read_text()) == yaml.safe_load(CONTRACT)
    assert papers.released_version() == "0.1.0"
    assert papers.changelog.read_text() == CHANGELOG.replace(
        "## Unreleased\n", "## Unreleased\n\n## 0.1.0 - 2030-01-31\n"
    )
    assert 'version = "0.1.0"' in papers.project.read_text()
    assert 'newTag: "0.1.0"' in papers.kustomization.read_text()
    assert tag == "shoe_service-0.1.0"
    assert git(papers, "rev-parse", f"{tag}^{{commit}}") == git(papers, "rev-parse", "HEAD")
    assert git(papers, "status", "--porcelain") == ""


def test_a_second_release_follows_the_first(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)
    news(papers)

    release(papers, version="0.1.1", today=TODAY)

    assert papers.released_version() == "0.1.1"


def test_a_release_without_its_tag_is_unfinished_and_may_be_written_again(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)
    git(papers, "tag", "--delete", "shoe_service-0.1.0")
    papers.contract.write_text("paths: {}\n")
    news(papers)

    release(papers, version="0.1.0", today=TODAY)

    assert yaml.safe_load(papers.released.read_text()) == {"paths": {}}


@pytest.mark.parametrize("version", ["0.1", "v0.1.0", "0.1.0-rc1", "00.1.0"])
def test_a_version_is_three_numbers(papers: Papers, version: str) -> None:
    with pytest.raises(ReleaseError, match="is not a version"):
        release(papers, version=version, today=TODAY)


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", "0.0.10"])
def test_versions_only_go_up(papers: Papers, version: str) -> None:
    release(papers, version="0.2.0", today=TODAY)
    news(papers)

    with pytest.raises(ReleaseError, match="was released already"):
        release(papers, version=version, today=TODAY)


def test_what_is_not_committed_is_not_released(papers: Papers) -> None:
    papers.project.write_text(PROJECT + "\n")

    with pytest.raises(ReleaseError, match="must be committed"):
        release(papers, version="0.1.0", today=TODAY)


def test_nothing_is_released_without_a_word_about_it(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)

    with pytest.raises(ReleaseError, match=r"says nothing about 0\.1\.1"):
        release(papers, version="0.1.1", today=TODAY)


def test_a_contract_that_breaks_the_last_one_is_not_released_and_nothing_is_written(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)
    papers.contract.write_text("paths: {}\n")
    news(papers)

    with pytest.raises(ReleaseError, match="GET /things/ was removed"):
        release(papers, version="0.2.0", today=TODAY)

    assert contract_breaks(papers) == ["GET /things/ was removed"]
    assert git(papers, "status", "--porcelain") == ""


def test_the_released_commit_is_that_of_its_tag(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)
    released = git(papers, "rev-parse", "HEAD").strip()
    news(papers)

    assert released_commit(papers) == released


def test_without_its_tag_it_is_the_commit_that_wrote_the_contract_down(papers: Papers) -> None:
    release(papers, version="0.1.0", today=TODAY)
    released = git(papers, "rev-parse", "HEAD").strip()
    news(papers)
    git(papers, "tag", "--delete", "shoe_service-0.1.0")

    assert released_commit(papers) == released


def test_before_the_first_release_there_is_none(papers: Papers) -> None:
    with pytest.raises(ReleaseError, match="was never released"):
        released_commit(papers)
