"""Where the processes of one gunicorn keep what they count."""

import os
import re
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - folders are made there under names that nobody can foresee
PREFIX = "gunicorn-metrics-"
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def make_metrics_folder() -> Path:
    """
    Make a folder for this gunicorn, in memory where the system has a place for that, and name it in the environment.

    Counting begins at zero at every start, and not again when gunicorn only reads its configuration anew. What
    gunicorns left behind that were killed is removed.
    """
    if (current := Path(os.environ.get(VARIABLE, ""))).name.startswith(f"{PREFIX}{os.getpid()}-"):
        return current
    place = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for folder in place.glob(f"{PREFIX}*"):
        owner = re.fullmatch(rf"{PREFIX}(\d+)-.*", folder.name)
        if owner and not _is_another_process(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)  # it may be another user's
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
    os.environ[VARIABLE] = str(made)
    return made


def _is_another_process(number: int) -> bool:
    """Whether a process has this number now, and it is not this one: in a container the number is always the same."""
    if number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
