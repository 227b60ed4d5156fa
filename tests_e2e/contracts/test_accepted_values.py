"""A new value in an answer is released only if a review accepted exactly that value; the release empties the list."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from releases.accepted import EMPTY, refusals
from releases.files import ReleaseError, ReleaseFiles
from releases.release import release
from releases.repository import git
from support.made_up_service import commit, commit_news, made_up_service, replace

TODAY = date(2030, 1, 31)
CONTRACT = """\
paths:
  /orders/:
    get:
      parameters: [{in: query, name: status, schema: {type: string, enum: [pending, shipped]}}]
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        status: {$ref: '#/components/schemas/StatusEnum'}
        colour: {type: string, enum: [red, blue]}
    StatusEnum: {type: string, enum: [pending, shipped]}
"""
STATUS = "/components/schemas/StatusEnum"
COLOUR = "/components/schemas/Order/properties/colour"


@pytest.fixture
def files(tmp_path: Path) -> ReleaseFiles:
    """A service that was released as 0.1.0, and has news."""
    made = made_up_service(tmp_path)
    made.contract.write_text(CONTRACT)
    commit(made)
    release(made, version="0.1.0", today=TODAY)
    commit_news(made)
    return made


def offer(files: ReleaseFiles, *, statuses: str = "pending, shipped", colours: str = "red, blue") -> None:
    """Let the contract offer these values."""
    text = CONTRACT.replace("enum: [pending, shipped]", f"enum: [{statuses}]")
    files.contract.write_text(text.replace("enum: [red, blue]", f"enum: [{colours}]"))


def accept(files: ReleaseFiles, *entries: dict[str, object]) -> None:
    files.accepted.write_text(yaml.safe_dump(list(entries), sort_keys=False))


def entry(**changed: object) -> dict[str, object]:
    """The acceptance of the status `returned`."""
    return {"schema": STATUS, "value": "returned", "version": "0.2.0", "reason": "Clients show it as text.", **changed}


def test_a_new_value_is_refused_and_the_refusal_shows_the_entry_that_would_accept_it(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")

    *found, advice = refusals(files)

    assert found == [
        f"{where}.status: may be returned, which is not among the known values"
        for where in ("GET /orders/: 200[]", "POST /orders/: 201")
    ]
    assert "by an entry in shoe_service/contracts/accepted.yaml" in advice
    assert yaml.safe_load(advice.partition("\n")[2]) == [
        entry(version="<the release it comes in>", reason="<why callers can cope>")
    ]


def test_a_new_value_passes_with_its_entry_in_every_answer(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry())

    assert refusals(files) == []


def test_an_entry_with_nothing_to_accept_is_refused(files: ReleaseFiles) -> None:
    accept(files, entry())

    assert refusals(files) == [
        f"contracts/accepted.yaml accepts returned in {STATUS}, and nothing needs that: remove the entry"
    ]


@pytest.mark.parametrize(
    "pointer", ["/components/schemas/Gone", "/components/schemas/Order", COLOUR, "StatusEnum", "/"]
)
def test_an_entry_accepts_a_value_in_no_other_schema_than_the_one_it_names(files: ReleaseFiles, pointer: str) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry(schema=pointer))

    found = refusals(files)

    assert any(line.startswith("GET /orders/: 200[].status: may be returned") for line in found)
    assert any(line.endswith("nothing needs that: remove the entry") for line in found)


def test_an_entry_that_stands_twice_is_refused(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry(), entry(reason="Once more."))

    assert any("remove the entry" in line for line in refusals(files))


def test_another_new_value_beside_an_accepted_one_is_still_refused(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned, lost", colours="red, blue, green")
    accept(files, entry())

    *found, advice = refusals(files)

    assert [line.partition(": may be ")[2].partition(",")[0] for line in found] == ["green", "lost", "green", "lost"]
    assert [each["value"] for each in yaml.safe_load(advice.partition("\n")[2])] == ["green", "lost"]


def test_nothing_but_a_new_value_can_be_accepted(files: ReleaseFiles) -> None:
    replace(files.contract, "{type: string, enum: [red, blue]}", "{type: [string, 'null'], enum: [red, blue]}")
    accept(files, entry(schema=COLOUR, value="null"))

    found = refusals(files)

    assert "GET /orders/: 200[].colour: may be null or string, where only string is understood" in found
    assert not any("can be accepted" in line for line in found)


def test_a_value_that_requests_may_not_have_any_more_cannot_be_accepted(files: ReleaseFiles) -> None:
    offer(files, statuses="pending")
    accept(files, entry(value="shipped"))

    found = refusals(files)

    assert "GET /orders/: parameter status: may be shipped, which is not among the known values" in found
    assert not any("can be accepted" in line for line in found)


def test_an_accepted_value_need_not_be_one_that_requests_may_have(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    replace(
        files.contract,
        "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}",
        "requestBody: {content: {application/json: {schema: {type: object, properties: "
        "{status: {type: string, enum: [pending, shipped]}, colour: {type: string}}}}}}",
    )
    accept(files, entry())

    assert refusals(files) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reason": " "}, "none of it is empty"),
        ({"value": 3}, "is text"),
        ({"version": "next"}, "next is not a version"),
        ({"until": "2031"}, "exactly schema, value, version, reason"),
    ],
)
def test_an_entry_that_is_not_complete_is_refused(files: ReleaseFiles, wrong: dict[str, object], message: str) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry(**wrong))

    with pytest.raises(ReleaseError, match=message):
        refusals(files)


def test_an_entry_without_a_reason_is_refused(files: ReleaseFiles) -> None:
    accept(files, {"schema": STATUS, "value": "returned", "version": "0.2.0"})

    with pytest.raises(ReleaseError, match="exactly schema, value, version, reason"):
        refusals(files)


def test_an_entry_for_a_version_that_was_released_already_is_refused(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry(version="0.1.0"))

    assert refusals(files) == [
        f"contracts/accepted.yaml accepts returned in {STATUS} for 0.1.0, but 0.1.0 was released already"
    ]


def test_a_release_writes_accepted_values_into_its_contract_and_empties_the_list(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry())
    commit(files)

    release(files, version="0.2.0", today=TODAY)

    assert files.accepted.read_text() == EMPTY
    assert "returned" in files.released.read_text()
    assert git(files, "status", "--porcelain") == ""
    assert refusals(files) == []


def test_a_value_is_not_released_with_another_version_than_it_was_accepted_for(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    accept(files, entry(version="0.3.0"))
    commit(files)

    with pytest.raises(ReleaseError, match=r"was accepted for 0\.3\.0, and would be released with 0\.2\.0"):
        release(files, version="0.2.0", today=TODAY)


def test_a_release_without_the_entry_is_refused(files: ReleaseFiles) -> None:
    offer(files, statuses="pending, shipped, returned")
    commit(files)

    with pytest.raises(ReleaseError, match=r"(?s)may be returned.*can be accepted in a review"):
        release(files, version="0.2.0", today=TODAY)
