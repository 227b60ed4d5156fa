"""How lines are written: whole, in one form, and never at the cost of a request."""

import json
import logging
import subprocess
import sys
from decimal import Decimal
from uuid import UUID

import pytest
import structlog

from service_kit.testing.log_lines import LogLines

log = structlog.get_logger("a.module")
PROGRAM = """
import logging.config, structlog
from service_kit.telemetry.logs import logging_settings
logging.config.dictConfig(logging_settings(level="INFO", log_format="{form}"))
structlog.get_logger("a.module").info("first", note={note!r})
structlog.get_logger("a.module").debug("left out")
logging.getLogger("a.library").warning("second %s", "line")
"""


def lines_of(form: str = "json", *, note: str = "", stdout: int = subprocess.PIPE) -> list[str]:
    """Run a program that writes two lines, and return them; it must end well, and without complaints."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(form=form, note=note)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return (done.stdout or "").splitlines()


def test_structlog_and_the_standard_library_write_lines_of_one_form_and_no_value_begins_one() -> None:
    first, second = map(json.loads, lines_of(note="one\ntwo"))

    assert (first["event"], first["level"], first["logger"], first["note"]) == ("first", "info", "a.module", "one\ntwo")
    assert (second["event"], second["level"], second["logger"]) == ("second line", "warning", "a.library")
    assert first.keys() - {"note"} == second.keys()


def test_a_person_reads_lines_without_json() -> None:
    first, second = lines_of("console", note="half a pair: \ud83d")

    assert "[info     ] first" in first
    assert "half a pair: \\ud83d" in first
    assert "[warning  ] second line" in second


def test_each_line_is_one_system_call(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr("os.write", lambda _, data: written.append(data))

    log.info("first")
    logging.getLogger("a.library").warning("second")

    assert [json.loads(line)["event"] for line in written] == ["first", "second"]
    assert all(line.endswith(b"\n") for line in written)


def test_a_full_disk_ends_nothing() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - not a file that could be read or written at once
        assert lines_of(stdout=full.fileno()) == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        *((text, text) for text in ("half a pair: \ud83d", "whole: 😀")),
        *((Decimal("19.90"), "19.90"), (UUID(int=1), "00000000-0000-0000-0000-000000000001"), (2**70, 2**70)),
        *((ValueError("x"), "ValueError('x')"), ({(1, 2): 3}, {"(1, 2)": 3})),
    ],
)
def test_any_value_is_written(logged: LogLines, value: object, written: object) -> None:
    log.info("noted", value=value)

    assert logged[-1]["value"] == written


def test_an_error_is_written_with_its_traceback(logged: LogLines) -> None:
    try:
        int("x")
    except ValueError:
        log.exception("failed")

    assert logged[-1]["exception"].splitlines()[-1].startswith("ValueError: invalid literal")
