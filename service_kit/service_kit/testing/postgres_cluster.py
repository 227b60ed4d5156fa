"""A private PostgreSQL cluster for one test run: a temporary folder with a socket in it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

# Faster, and not durable: the data is not needed after the run.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",  # statistics, and with them plans, change when a test changes them
}


def find_binaries() -> Path | None:
    """Find the folder of initdb and pg_ctl: on PATH, or the newest of Debian's. None if there is none."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    candidates = [Path(on_path).resolve().parent, *folders] if on_path else folders
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


class Cluster:
    """A running cluster. The caller must stop it."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        # Directly in /tmp, because the path of a socket has at most 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.user = account.pw_name
        settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        options = (f"--log={self.folder / 'log'}", f"--options={settings} -k {self.folder}")
        try:
            self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
            self._run("pg_ctl", "--wait", *options, "start")
        except BaseException:  # Ctrl-C too
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgresql:///postgres?host={self.folder}&user=postgres"

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "--wait", "--mode=immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / program), f"--pgdata={self.data}", *arguments],
            check=True,
            cwd=self.folder,
            user=self.user,
            extra_groups=[] if self.user else None,
            stdout=subprocess.DEVNULL,
        )
