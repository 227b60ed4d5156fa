"""An import whose processes are killed, at every kind of moment: no row is applied twice, and none is left out."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.imports import (
    ROWS,
    assert_each_row_was_taken_once,
    database_of_the_test,
    environment_of_commands,
    many,
    rejected,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_import_whose_processes_are_killed_at_any_moment_takes_each_row_once(tmp_path: Path) -> None:
    file = many(tmp_path / "new.csv")
    is_in_a_file = connection.vendor == "sqlite"  # for in memory it would be there for one process
    environment = environment_of_commands(
        f"sqlite:///{tmp_path / 'db.sqlite3'}" if is_in_a_file else database_of_the_test()
    )

    def run(*arguments: str, code: int) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    if is_in_a_file:
        run("manage.py", "migrate", "-v0", code=0)
    deaths = int(run("-m", "tests.dying_imports", str(file), "seed", code=1))

    assert deaths > 10
    if is_in_a_file:
        exported = run("manage.py", "export_products", "-", "--format=csv", "--columns=name", code=0)
        assert sorted(exported.splitlines()[1:]) == sorted(f"Lamp {number}" for number in range(ROWS) if number % 9)
        refused = rejected(tmp_path / "new.rejected.csv")
        assert [line for line, _ in refused] == [number + 2 for number in range(ROWS) if number % 9 == 0]
    else:
        assert_each_row_was_taken_once(file)
