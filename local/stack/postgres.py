"""A private PostgreSQL server in a temporary folder, reached by a unix socket only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.environment import plain_environment
from stack.errors import StackError
from stack.guard import Guard
from stack.part import Part

PORT = 5432  # names the socket's file; nothing listens on a network
ADMINISTRATOR = "postgres"
FAST_SHUTDOWN = signal.SIGINT  # a SIGTERM would wait until the clients disconnect


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs: on PATH, or the newest one that Debian or Homebrew put elsewhere."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    elsewhere = [
        *Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        *Path("/opt/homebrew/opt").glob("postgresql*/bin/initdb"),
    ]
    return max((path.parent for path in elsewhere), key=_version, default=None)


def private_cluster(guard: Guard) -> "Cluster":
    """
    Return the files of a server, not yet made. They are removed in the end.

    :raises StackError: if this machine has no PostgreSQL.
    """
    programs = find_postgres()
    if programs is None:
        raise StackError("PostgreSQL was not found. Install it (apt-get install postgresql) and try again.")
    cluster = Cluster(programs)
    guard.remove(cluster.folder)
    return cluster


class Cluster:
    """The files of one database server, and the command that runs it."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # The server refuses to run as root; then it needs a folder that its own user can reach.
        self.user = ADMINISTRATOR if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="shop-pg-"))
        if self.user:
            shutil.chown(self.folder, self.user)

    def create(self, databases: Sequence[str]) -> None:
        """
        Make the server's files and, for each database, an owner of the same name.

        Nothing waits for the disk yet: if the machine fails meanwhile, the shop is gone with its temporary folder.
        """
        cluster = ["-D", str(self.data), "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8"]
        self._run([self._program("initdb"), "--no-sync", *cluster])
        statements = [f"CREATE ROLE {name} LOGIN;\nCREATE DATABASE {name} OWNER {name};\n" for name in databases]
        alone = ["--single", "-F", "-D", str(self.data), "postgres"]
        self._run([self._program("postgres"), *alone], typed="".join(statements))

    def command(self) -> list[str]:
        """The command that runs the server in the foreground, as durable as in production."""
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.folder),
            "max_connections": "300",
            "fsync": "on",
            "synchronous_commit": "on",
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return [self._program("postgres"), "-D", str(self.data), *options]

    def part(
        self,
        name: str,
        *,
        log: Path,
        guard: Guard,
        options: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = FAST_SHUTDOWN,
    ) -> Part:
        """The server as a part, not yet started; `options` and environment variables come on top of the usual ones."""
        return Part(
            name=name,
            command=[*self.command(), *options],
            folder=self.folder,
            environment={**plain_environment(), **(variables or {})},
            log=log,
            guard=guard,
            is_ready=self.is_ready,
            user=self.user,
            stop_signal=stop_signal,
        )

    def is_ready(self) -> bool:
        done = subprocess.run(
            [self._program("pg_isready"), "-q", "-h", str(self.folder), "-p", str(PORT)],
            env=plain_environment(),
            check=False,
        )
        return done.returncode == 0

    def database_url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.folder}&port={PORT}&user={database}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def _program(self, name: str) -> str:
        return str(self.programs / name)

    def _run(self, command: Sequence[str], typed: str = "") -> None:
        done = subprocess.run(
            command,
            input=typed,
            cwd=self.folder,
            env=plain_environment(),
            user=self.user,
            group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StackError(f"{Path(command[0]).name} failed.\n{done.stdout}{done.stderr}")


def _version(programs: Path) -> tuple[int, ...]:
    """The numbers in a path, so that 16 comes after 9."""
    return tuple(int(part) for part in str(programs).replace("@", "/").split("/") if part.isdecimal())
