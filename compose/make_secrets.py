"""Makes the secrets of the shop in containers: all that are missing, none that exist."""

import secrets
import sys
from pathlib import Path

from stack.keys import make_keys
from stack.registry import REGISTRY


def make_secrets(folder: Path) -> None:
    """
    Make the keys of the local stack in `folder`, and passwords for the databases.

    A container's user is not the folder's owner. So the folder is its owner's alone, and the files in it can be read by
    whoever they are mounted for: on the host nobody else gets as far. The identity provider's own is mounted nowhere.
    """
    keys = make_keys(folder)
    for service, entry in REGISTRY.items():
        _make(folder / f"{entry.database}_admin", secrets.token_urlsafe(32))
        password = _make(folder / f"{entry.database}_password", secrets.token_urlsafe(32))
        _make(folder / f"{entry.database}_url", f"postgresql://{service}:{password}@{entry.database}:5432/{service}")
    for path in set(folder.iterdir()) - {keys.issuer_private}:
        path.chmod(0o444)


def _make(path: Path, text: str) -> str:
    """Return what the file says, or will say from now on."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(text)
    return path.read_text()


if __name__ == "__main__":
    make_secrets(Path(sys.argv[1]))
