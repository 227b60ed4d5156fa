"""The start of gunicorn: nobody can connect before the code is imported."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "sample_service"
LONGEST_START = 60.0  # seconds
RECORD = """
import os
from pathlib import Path
Path("at_import").write_text(str(os.path.exists(os.environ["BIND"].removeprefix("unix:"))))
"""


@pytest.fixture
def socket() -> Iterator[Path]:
    """The path of a socket, which must be short."""
    with tempfile.TemporaryDirectory(prefix="kit-") as folder:
        yield Path(folder) / "gunicorn.sock"


def test_it_listens_only_when_the_code_is_imported(tmp_path: Path, socket: Path) -> None:
    service = Path(shutil.copytree(SAMPLE, tmp_path / "sample_service", ignore=shutil.ignore_patterns(".data")))
    with (service / "things" / "views.py").open("a") as views:
        views.write(RECORD)
    env = {"PATH": os.environ["PATH"], "DEBUG": "true", "DATABASE_URL": "sqlite://:memory:", "WEB_CONCURRENCY": "1"}
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "gunicorn.conf.py"],
        cwd=service,
        env={**env, "BIND": f"unix:{socket}"},
        start_new_session=True,
    )

    try:
        until = time.monotonic() + LONGEST_START
        while not socket.exists() and gunicorn.poll() is None and time.monotonic() < until:
            time.sleep(0.05)

        assert socket.exists()
        assert (service / "at_import").read_text() == "False"
    finally:
        gunicorn.send_signal(signal.SIGTERM)
        gunicorn.wait(LONGEST_START)
