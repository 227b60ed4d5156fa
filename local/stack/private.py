"""Whose files a stack's are: keys, databases, logs and sockets are for the user who runs it, and for nobody else."""

from pathlib import Path

UMASK = 0o077  # of every program that the stack starts


def make_private(data: Path) -> None:
    """
    Make the folder of a stack's data, and take from others what an earlier stack in it let them read.

    A folder that exists already may be anything, also a home directory: only what stacks write there is changed.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (data / "keys", data / "logs"):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    for path in [*data.glob("keys/*"), *data.glob("logs/*.log"), *data.glob("*.sqlite3*")]:
        path.chmod(path.stat().st_mode & ~UMASK)
