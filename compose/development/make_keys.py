"""Makes the keys and passwords of the shop for development, in the volume that its containers share."""

import sys
from pathlib import Path

from stack.keys import take_earlier_names

from make_secrets import make_secrets

DATABASES = Path("/databases")
LOST = (
    "The databases are from an earlier shop, and the volume with their passwords is gone. "
    "`docker compose down -v` removes them too; then `docker compose up` begins anew."
)


def are_lost(folder: Path) -> bool:
    """Return whether a database is there whose password is not."""
    return any(not (folder / f"{path.parent.name}_password").exists() for path in DATABASES.glob("*/PG_VERSION"))


def main(folder: Path) -> str | None:
    """Make what is missing. Return what is wrong, or nothing."""
    take_earlier_names(folder)
    if are_lost(folder):
        return LOST
    make_secrets(folder)
    folder.chmod(0o755)  # the containers' users are others
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
