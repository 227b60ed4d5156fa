"""`make run` in a copy of the repository, so that tests can save files as a developer does."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from stack.environment import plain_environment
from stack.places import REPOSITORY
from stack.ports import free_ports
from stack.registry import SERVICES

TIMEOUT = 120.0  # seconds, on a machine that is busy with other tests
OPEN = "Ctrl-C closes the shop."
# No containers of whoever runs the tests, and a parent that is taken for make.
ENVIRONMENT = {**plain_environment(), "COMPOSE_PROJECT_NAME": "no-such-project", "MAKELEVEL": "1"}
VIEWS = "product_service/catalogue/views.py"
MARKED = """
ProductListView.get = lambda self, request: HttpResponse("saved")
from django.http import HttpResponse
"""


def copy_repository(target: Path) -> Path:
    """Copy all tracked files, and borrow the virtual environments."""
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S607
    for name in listed.stdout.splitlines():
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, target / name)
    for project in (*SERVICES, "local"):
        (target / project / ".venv").symlink_to(REPOSITORY / project / ".venv")
    return target


@dataclass
class Shop:
    """A shop in a terminal. `shown` is what the terminal shows."""

    repository: Path
    data: Path
    port: int
    parent: subprocess.Popen[str]
    shown: list[str] = field(default_factory=list)

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.public_url}{path}", trust_env=False, timeout=TIMEOUT)

    def command(self, *arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run another command beside it."""
        return subprocess.run(
            [sys.executable, "-m", "commands", *arguments, "--data", str(self.data)],
            cwd=self.repository / "local",
            env=ENVIRONMENT,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def shows(self, text: str) -> bool:
        return soon(lambda: any(text in line for line in self.shown))


@contextmanager
def opened(repository: Path, data: Path) -> Iterator[Shop]:
    """Start a shop and wait until it is open. What starts it, as make would, is `parent`."""
    port, internal_port = free_ports(2)
    command = f"{sys.executable} -m commands run --port {port} --internal-port {internal_port} --data {data}"
    parent = subprocess.Popen(
        ["/bin/sh", "-c", f"{command}; exit $?"],
        cwd=repository / "local",
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    shop = Shop(repository, data, port, parent)
    reader = threading.Thread(target=_read, args=(shop,))
    reader.start()
    try:
        assert shop.shows(OPEN), "".join(shop.shown)
        yield shop
    finally:
        if parent.poll() is None:
            os.killpg(parent.pid, signal.SIGINT)
        parent.wait(TIMEOUT)
        reader.join()


def _read(shop: Shop) -> None:
    assert shop.parent.stdout is not None
    with shop.parent.stdout as terminal:
        shop.shown.extend(terminal)


def soon(condition: Callable[[], bool]) -> bool:
    """Return whether it came true."""
    deadline = time.monotonic() + TIMEOUT
    while not (came_true := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return came_true


@contextmanager
def saved(path: Path, text: str) -> Iterator[None]:
    """Save a file, and in the end as it was before."""
    before = path.read_text()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_text(before)
