"""One part of the stack: a program in a process group of its own that can be killed, frozen and started again."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from stack.errors import StackError
from stack.guard import Guard
from stack.private import UMASK


@dataclass
class Part:
    """
    A program of the stack, with all processes that it starts.

    Signals go to the whole process group, so that freezing gunicorn freezes its workers too.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    guard: Guard
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    timeout: float = 30.0  # seconds, to end
    start_timeout: float = 120.0  # seconds, to become ready; a busy machine may take most of them
    address: str = ""  # the socket it listens on, where it has one
    metrics_url: str = ""  # where it exposes its own metrics, not those of other instances
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """The id of the first process, which is also that of its group."""
        if self._process is None:
            raise StackError(f"{self.name} was not started.")
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start the program without waiting for it."""
        if self.is_alive():
            raise StackError(f"{self.name} runs already.")
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=UMASK,
                user=self.user,
                group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
                extra_groups=None if self.user is None else [],
            )
        self.guard.guard(self._process.pid)

    def wait_until_ready(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """
        Return when the part is ready.

        :param meanwhile: is called again and again until then.
        :raises StackError: with the end of its log, if it ends or takes too long.
        """
        deadline = time.monotonic() + self.start_timeout
        while not self.is_ready():
            if not self.is_alive():
                raise StackError(f"{self.name} ended instead of becoming ready.\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} was not ready after {self.start_timeout:.0f} s.\n{self.last_lines()}")
            meanwhile()
            time.sleep(0.05)

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop it; kill it after its timeout. No process of it is left when this returns."""
        if self._process is not None and self.is_alive():
            self._process.send_signal(self.stop_signal)
            self.thaw()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.timeout)
        self.kill()

    def kill(self) -> None:
        """SIGKILL, to all of it at once."""
        if self._process is None:
            return
        self._signal(signal.SIGKILL)
        self._process.wait()
        self.guard.release(self._process.pid)
        self._process = None

    def freeze(self) -> None:
        """SIGSTOP: it holds its connections and answers nothing until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        """Stop it if it runs, then start it and wait until it is ready."""
        self.stop()
        self.start()

    def last_lines(self, count: int = 20) -> str:
        """The end of its log, for messages."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS raises the latter for a group of zombies
            return
