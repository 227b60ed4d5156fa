"""The folder in which the processes of one gunicorn keep their metrics."""

import os
import re
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the names of the folders in it are random
PREFIX = "gunicorn-metrics-"
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def make_metrics_folder() -> Path:
    """
    Make a folder for this gunicorn, in shared memory if the system has it, and set PROMETHEUS_MULTIPROC_DIR.

    Metrics begin at zero at every start, but not when gunicorn reloads its configuration. Folders of gunicorns that
    were killed are removed.
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
    """Return whether another process has this number. In a container, this one has the number of its predecessor."""
    if number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
