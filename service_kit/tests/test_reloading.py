"""`gunicorn --reload` with the shipped configuration: a save is answered with new code, whatever was broken before."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import service_kit
from service_kit.testing.starting import ENOUGH

SERVICE = Path(__file__).parent / "sample_service"
KIT = Path(service_kit.__file__).parent
SOON = 60.0  # seconds, on a machine that is busy; alone it takes one
LATER = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("things", "0001_initial")]
"""


@dataclass(frozen=True)
class Running:
    """A copy of the sample service, and of the kit, that gunicorn serves with --reload."""

    variables: dict[str, str]
    service: Path
    kit: Path
    socket: Path
    log: Path
    process: subprocess.Popen[bytes]

    def ask(self) -> str:
        """Return what /livez answers, or what there is instead."""
        command = ["curl", "--silent", "--max-time", "5", "--unix-socket", str(self.socket), "http://testserver/livez"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def answers(self, part: str) -> bool:
        """Wait until the answer has this part."""
        return soon(lambda: part in self.ask())

    def logs(self, part: str) -> bool:
        """Wait until the log has this part."""
        return soon(lambda: part in self.log.read_text())


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SOON
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    service, kit = tmp_path / "service", tmp_path / "kit"
    shutil.copytree(SERVICE, service)
    shutil.copytree(KIT, kit / "service_kit")
    variables = {
        **ENOUGH,
        "DATABASE_URL": f"sqlite:///{tmp_path}/database",
        "DEBUG": "true",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(kit),
        "WEB_CONCURRENCY": "2",
    }
    log = tmp_path / "log"
    socket = tmp_path / "socket"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "gunicorn.conf.py", "--reload"]
    with log.open("wb") as output:
        started = subprocess.Popen(
            [*command, "--bind", f"unix:{socket}"], cwd=service, env=variables, stdout=output, stderr=output
        )
    try:
        yield Running(variables, service, kit / "service_kit", socket, log, started)
    finally:
        started.terminate()
        started.wait(timeout=SOON)


def add(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text()}\n{line}\n")


def test_a_save_in_the_service_and_one_in_the_kit_are_answered_with_new_code(running: Running) -> None:
    assert running.answers("development")
    add(running.service / "config" / "settings.py", 'VERSION = "of the service"')
    assert running.answers("of the service")

    health = running.kit / "rest" / "health.py"
    health.write_text(health.read_text().replace('"alive"', '"alive and new"'))

    assert running.answers("alive and new")


def test_code_that_cannot_be_imported_is_shown_and_the_next_save_mends_it(running: Running) -> None:
    views = running.service / "things" / "views.py"
    right = views.read_text()
    assert running.answers("alive")

    for broken in ("def broken(:", "import nothing_of_this_name", "raise SystemError"):
        add(views, broken)
        assert running.answers("Traceback")
        views.write_text(right)
        assert running.answers("alive")
        assert broken in running.log.read_text()

    assert running.process.poll() is None


@pytest.mark.parametrize("module", ["server/configuration.py", "server/reloading.py"])
def test_broken_code_of_gunicorn_itself_ends_nothing_and_is_new_when_repaired(running: Running, module: str) -> None:
    path = running.kit / module
    right = path.read_text()
    assert running.answers("development")

    add(path, "def broken(:")
    assert running.logs("The next save is tried.")
    assert running.answers("alive")
    path.write_text(right)
    add(running.kit / "server" / "configuration.py", 'os.environ["VERSION"] = "repaired"')

    assert running.answers("repaired")
    assert "def broken(:" in running.log.read_text()
    assert running.process.poll() is None


def test_migrations_that_the_database_lacks_are_named(running: Running) -> None:
    assert running.logs("Not in the database: following.0001_initial, things.0001_initial. ")
    migrate = [sys.executable, "manage.py", "migrate", "--no-input"]
    subprocess.run(migrate, cwd=running.service, env=running.variables, check=True, capture_output=True)
    later = running.service / "things" / "migrations" / "0002_later.py"

    later.write_text("raise SystemError")
    assert running.logs("The migrations cannot be imported.")
    later.write_text(LATER)

    assert running.logs("Not in the database: things.0002_later. ")
    assert running.answers("alive")
