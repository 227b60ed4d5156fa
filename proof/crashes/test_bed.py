"""What all scenarios share: migrated databases to copy, one set of keys, and a PostgreSQL server if one is needed."""

import itertools
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from stack import postgres
from stack.environment import plain_environment
from stack.guard import Guard
from stack.keys import make_keys
from stack.registry import SERVICES
from stack.services import all_services
from stack.stack import Database


class TestBed:
    """Makes fresh pairs of databases quickly: each is a copy of one that was migrated once."""

    __test__ = False  # pytest takes classes whose names begin with Test for tests

    def __init__(self, database: Database) -> None:
        self.database = database
        self.guard = Guard()
        self.folder = Path(tempfile.mkdtemp(prefix="test-bed-"))
        self.guard.remove(self.folder)
        self.keys = make_keys(self.folder / "keys")
        self._numbers = itertools.count()
        self._copying = threading.Lock()
        self._cluster = postgres.private_cluster(self.guard) if database == "postgresql" else None
        self._server = (
            None
            if self._cluster is None
            else self._cluster.part(
                "postgresql",
                log=self.folder / "postgresql.log",
                guard=self.guard,
                stop_signal=signal.SIGQUIT,  # at once, since these databases are not used again
            )
        )

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
        self.guard.close()

    def databases(self) -> tuple[Path, dict[str, str]]:
        """Make a fresh pair of databases. Return a folder to go with it, and the address of each service's."""
        with self._copying:
            number = next(self._numbers)
            folder = self.folder / str(number)
            folder.mkdir()
            return folder, {service: self._copy(service, folder, number) for service in SERVICES}

    def _start(self) -> None:
        if self._cluster and self._server:
            self._cluster.create(SERVICES)
            self._server.start()
        templates = {service: self._template(service) for service in SERVICES}
        services = all_services(self.keys, database_urls=templates, internal_url="http://localhost", overrides={})
        for service in services.values():
            service.run("migrate", "--no-input")

    def _template(self, service: str) -> str:
        return self._cluster.database_url(service) if self._cluster else f"sqlite:///{self._file(service)}"

    def _file(self, service: str) -> Path:
        return self.folder / f"{service}.sqlite3"

    def _copy(self, service: str, folder: Path, number: int) -> str:
        if self._cluster is None:
            copy = folder / f"{service}.sqlite3"
            shutil.copy(self._file(service), copy)
            return f"sqlite:///{copy}"
        name = f"{service}_{number}"
        self._administer(self._cluster, f"CREATE DATABASE {name} TEMPLATE {service} OWNER {service}")
        return self._cluster.database_url(name).replace(f"user={name}", f"user={service}")

    def _administer(self, cluster: postgres.Cluster, statement: str) -> None:
        command = [str(cluster.programs / "psql"), "-h", str(cluster.folder), "-U", postgres.ADMINISTRATOR]
        subprocess.run([*command, "-qc", statement], env=plain_environment(), check=True, capture_output=True)
