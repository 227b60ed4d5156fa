"""The programs that `make check` runs over the documents refuse what they are there for."""

import subprocess
import sys
from pathlib import Path

import pytest

from stack.places import REPOSITORY

PROJECT = REPOSITORY / "tests_e2e"
PROGRAMS = {
    "typos": ["typos", "--config", "pyproject.toml"],
    "codespell": ["codespell"],
    "glossary": ["codespell", "--dictionary", "documents/glossary.txt"],
    "rumdl": ["rumdl", "check", "--no-cache", "--quiet", "--config", "pyproject.toml"],
}
PAGE = "# A page\n\n## A part\n\nIts [part](#a-part), [another](other.md#its-part), wrk and [a folder](folder/).\n"

MISSPELT = "deveicer"[::-1]  # they read this file too


def check(program: str, page: Path) -> subprocess.CompletedProcess[str]:
    name, *arguments = PROGRAMS[program]
    command = [str(Path(sys.executable).with_name(name)), *arguments, str(page), str(page.with_name("other.md"))]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.md").write_text("# Other\n\n## Its part\n")
    written = tmp_path / "page.md"
    written.write_text(PAGE)
    return written


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_page_without_a_fault_passes(program: str, page: Path) -> None:
    done = check(program, page)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("program", "text", "complaint"),
    [
        ("typos", f"It is {MISSPELT}.", MISSPELT),
        ("codespell", f"It is {MISSPELT}.", f"{MISSPELT} ==> received"),
        ("glossary", "Two Placings, one wish.", "Placings ==> Order placements"),
        ("rumdl", "[nothing](#no-part)", "[MD051]"),
        ("rumdl", "[nothing](other.md#no-part)", "[MD051]"),
        ("rumdl", "[nothing](gone.md)", "[MD057]"),
        ("rumdl", "![a picture](gone.svg)", "[MD057]"),
        ("rumdl", "[nothing][nowhere]", "[MD052]"),
        ("rumdl", "[nothing]()", "[MD042]"),
    ],
)
def test_a_fault_is_named(program: str, text: str, complaint: str, page: Path) -> None:
    page.write_text(f"{PAGE}\n{text}\n")

    done = check(program, page)

    assert done.returncode != 0
    assert complaint in done.stdout + done.stderr


def test_make_check_runs_each_of_them() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()

    for arguments in PROGRAMS.values():
        assert f".venv/bin/{' '.join(arguments)}\n" in makefile
