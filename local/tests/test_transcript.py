"""The transcript reports expectations that are not met."""

import httpx
import pytest

from commands.transcript import Transcript


def answer(status: int, **fields: object) -> httpx.Response:
    return httpx.Response(status, json=fields, request=httpx.Request("GET", "http://localhost/"))


def test_met_expectations_are_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    transcript = Transcript()

    transcript.expect(answer(200, name="lamp"), 200, {"name": "lamp"})

    assert transcript.conclude()
    assert "All 2 expectations were met." in capsys.readouterr().out


@pytest.mark.parametrize(("status", "name"), [(409, "lamp"), (200, "pen")])
def test_one_that_is_not_met_is_a_failure(capsys: pytest.CaptureFixture[str], status: int, name: str) -> None:
    transcript = Transcript()

    transcript.expect(answer(200, name="lamp"), status, {"name": name})

    assert not transcript.conclude()
    assert "FAILED" in capsys.readouterr().out


def test_a_shown_request_keeps_its_token_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    request = httpx.Request("POST", "http://localhost/api/v1/orders/", headers={"Authorization": "Bearer sesame"})

    Transcript().show(httpx.Response(201, json={"id": 1}, request=request))

    shown = capsys.readouterr().out
    assert "/api/v1/orders/" in shown
    assert "sesame" not in shown
