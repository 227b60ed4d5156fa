"""Makes the keys and passwords of the shop for development, in the volume that its containers share."""

import os
import sys
from pathlib import Path

from stack.keys import take_earlier_names
from stack.registry import further_services

from make_secrets import make_secrets

DATABASES = Path("/databases")
LOST = (
    "The databases are from an earlier shop, and the volume with their passwords is gone. "
    "`docker compose down -v` removes them too; then `docker compose up` begins anew."
)


ABSENT = (
    "services.toml lists {name}, but COMPOSE_FILE does not name its {name}/deploy/service.compose.yml. "
    "`make compose-files` writes COMPOSE_FILE into .env; then start again."
)


def are_lost(folder: Path) -> bool:
    """Return whether a database is there whose password is not."""
    return any(not (folder / f"{path.parent.name}_password").exists() for path in DATABASES.glob("*/PG_VERSION"))


def main(folder: Path) -> str | None:
    """Make what is missing. Return what is wrong, or nothing."""
    take_earlier_names(folder)
    if are_lost(folder):
        return LOST
    for name in [each.name for each in further_services()]:
        if f"{name}/deploy/service.compose.yml" not in os.environ.get("COMPOSE_FILE", ""):
            return ABSENT.format(name=name)
    make_secrets(folder)
    folder.chmod(0o755)  # the containers' users are others
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
