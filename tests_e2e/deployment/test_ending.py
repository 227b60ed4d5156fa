"""A run of tests that gets SIGTERM, as of `timeout`, leaves nothing behind, whichever plugin of ours it has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack.places import REPOSITORY

RUN = """
import os, signal, pytest
@pytest.fixture
def made(tmp_path): yield; print("removed")
def test_it(made): os.kill(os.getpid(), signal.SIGTERM); signal.pause()
"""


@pytest.mark.parametrize(
    ("python", "plugins"),
    [
        (sys.executable, ["driver.programs"]),
        (str(REPOSITORY / "product_service/.venv/bin/python"), ["service_kit.testing.plugin", "no:django"]),
    ],
    ids=["shops", "services"],
)
def test_its_fixtures_end(tmp_path: Path, python: str, plugins: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(RUN)
    command = [python, "-m", "pytest", "-s", *(word for plugin in plugins for word in ("-p", plugin)), "."]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "local")}

    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, "removed" in ended.stdout) == (2, True)
