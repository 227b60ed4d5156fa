"""A narrower request is released only if a review accepted exactly that limit of exactly that name."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from releases.accepted import refusals
from releases.files import ReleaseError, ReleaseFiles
from releases.release import release
from support.made_up_service import commit, commit_news, made_up_service

TODAY = date(2030, 1, 31)
CONTRACT = """\
paths:
  /orders/:
    get:
      parameters: [{in: query, name: cursor, schema: {type: string}}]
      responses:
        '200':
          content: {application/json: {schema: {type: object, properties: {cursor: {type: integer, minimum: 1}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {cursor: {type: string}}}}}}
      responses:
        '201': {}
"""


@pytest.fixture
def files(tmp_path: Path) -> ReleaseFiles:
    """A service that was released as 0.1.0, and asks for a cursor of at least one character since."""
    made = made_up_service(tmp_path)
    made.contract.write_text(CONTRACT)
    commit(made)
    release(made, version="0.1.0", today=TODAY)
    commit_news(made)
    made.contract.write_text(CONTRACT.replace("{type: string}", "{type: string, minLength: 1}"))
    return made


def accept(files: ReleaseFiles, **changed: object) -> None:
    entry = {
        "name": "cursor",
        "limit": "minLength 1 is not kept",
        "version": "0.2.0",
        "reason": "It was refused.",
        **changed,
    }
    files.accepted.write_text(yaml.safe_dump([entry]))


def test_a_limit_passes_with_its_entry_in_parameters_and_bodies(files: ReleaseFiles) -> None:
    accept(files)

    assert refusals(files) == []


@pytest.mark.parametrize("changed", [{"name": "sor"}, {"name": "status"}, {"limit": "minLength 2 is not kept"}])
def test_an_entry_accepts_no_other_limit_and_no_other_name(files: ReleaseFiles, changed: dict[str, object]) -> None:
    accept(files, **changed)

    found = refusals(files)

    assert "GET /orders/: parameter cursor: minLength 1 is not kept" in found
    assert any(line.endswith("nothing needs that: remove the entry") for line in found)


def test_an_answer_stays_refused(files: ReleaseFiles) -> None:
    files.contract.write_text(CONTRACT.replace(", minimum: 1", ""))
    accept(files, limit="minimum 1 is not kept")

    assert "GET /orders/: 200.cursor: minimum 1 is not kept" in refusals(files)


def test_an_entry_without_a_reason_is_refused(files: ReleaseFiles) -> None:
    accept(files, reason="")

    with pytest.raises(ReleaseError, match="none of it is empty"):
        refusals(files)
