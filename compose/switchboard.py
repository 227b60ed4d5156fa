"""
Connects the gateway with the instances of each service that are ready, and with no other.

An instance listens on `<container>.sock` in the folder of its service. The gateway knows `1.sock` to `4.sock` there:
links that this program points at the instances in turn. A link is replaced in one step and nginx is not reloaded, so no
connection is closed when instances come and go.

An instance gets no link when it refuses connections, when /readyz is not 200, or when `<container>.draining` is beside
its socket: it is about to be stopped. When no instance is ready the links stay as they are.
"""

import http.client
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SOCKETS = Path("/sockets")  # a folder for each service
SLOTS = tuple(f"{number}.sock" for number in range(1, 5))
PULSE = Path("/tmp/pulse")  # noqa: S108 - the container's own

# In seconds.
ROUND = 0.2
READY_EVERY = 2.0  # how often an instance that is ready is probed again
UNREADY_EVERY = 0.5
ANSWER_WITHIN = 1.0
FORGET_AFTER = 60.0  # a socket that has refused for so long belongs to a container that is gone
PULSE_WITHIN = 10.0


class SocketConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_WITHIN)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_WITHIN)
        self.sock.connect(str(self.path))


@dataclass
class Instance:
    """What is known of one instance of a service."""

    socket: Path
    is_ready: bool = False
    ask_at: float = float("-inf")
    answered_at: float = float("-inf")

    def look(self, now: float) -> None:
        """Find out whether it gets requests. A killed instance is noticed in every round, a sick one by its probe."""
        if not self._accepts():
            self.is_ready = False
            return
        self.answered_at = now
        if now >= self.ask_at:
            self.is_ready = self._answers_ready()
            self.ask_at = now + (READY_EVERY if self.is_ready else UNREADY_EVERY)

    def _accepts(self) -> bool:
        connection = SocketConnection(self.socket)
        try:
            connection.connect()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def _answers_ready(self) -> bool:
        connection = SocketConnection(self.socket)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Board:
    """The links of one service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instances: dict[str, Instance] = {}

    def connect(self, now: float) -> bool:
        """Take one round. Return whether every link is in place."""
        for path in self._sockets():
            instance = self.instances.setdefault(path.name, Instance(path, answered_at=now))
            instance.look(now)
            if now - instance.answered_at > FORGET_AFTER:
                instance.socket.unlink(missing_ok=True)
        known = sorted(self.instances.items())
        ready = [name for name, instance in known if instance.is_ready and not self._drains(instance)]
        for number, slot in enumerate(SLOTS):
            if ready:
                self._link(slot, ready[number % len(ready)])
        return all((self.folder / slot).is_symlink() for slot in SLOTS)

    def _sockets(self) -> list[Path]:
        found = [path for path in self.folder.glob("*.sock") if not path.is_symlink()]
        self.instances = {path.name: self.instances[path.name] for path in found if path.name in self.instances}
        for marker in self.folder.glob("*.draining"):
            if marker.with_suffix(".sock") not in found:
                marker.unlink()
        return found

    def _drains(self, instance: Instance) -> bool:
        return instance.socket.with_suffix(".draining").exists()

    def _link(self, slot: str, target: str) -> None:
        link = self.folder / slot
        if link.is_symlink() and str(link.readlink()) == target:
            return
        unfinished = self.folder / "unfinished"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(target)
        unfinished.replace(link)
        print(f'{{"event": "linked", "link": "{link}", "instance": "{target}"}}', flush=True)


def run() -> None:
    """Keep the links right until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    boards = [Board(folder) for folder in sorted(SOCKETS.iterdir())]
    while True:
        connected = [board.connect(time.monotonic()) for board in boards]  # every board has its round
        if any(connected):
            PULSE.touch()
        time.sleep(ROUND)


def check() -> bool:
    """Return whether a service was connected a moment ago; the gateway serves it, whatever the others do."""
    return PULSE.exists() and time.time() - PULSE.stat().st_mtime < PULSE_WITHIN


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        sys.exit(not check())
    run()
