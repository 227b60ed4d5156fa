"""A run of tests that gets SIGTERM, as of `timeout`, leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

RUN = """
import os, signal, pytest
@pytest.fixture
def made(tmp_path): yield; print("removed")
def test_it(made): os.kill(os.getpid(), signal.SIGTERM); signal.pause()
"""


def test_its_fixtures_end(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(RUN)
    command = [sys.executable, "-m", "pytest", "-s", "-p", "service_kit.testing.plugin", "-p", "no:django", "."]

    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, "removed" in ended.stdout) == (2, True)
