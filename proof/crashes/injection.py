"""Stops a process at a chosen point. It runs inside the service, in the service's own virtual environment."""

import functools
import os
import signal
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from crashes.points import POINTS

SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}


def install() -> None:
    """
    Wrap the function that FAULT_POINT names.

    When it is called and the file FAULT_ARMED is there, the process removes the file, which only one process can,
    notes its id beside it, and kills or freezes itself, as FAULT_ACTION demands. A point must name a function.
    """
    point = POINTS[os.environ["FAULT_POINT"]]
    stop = functools.partial(_stop, Path(os.environ["FAULT_ARMED"]), SIGNALS[os.environ["FAULT_ACTION"]])
    module, _, name = point.target.partition(":")
    owner: Any = import_module(module)
    *path, attribute = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, attribute, _wrapped(getattr(owner, attribute), point.when, stop))


def _wrapped(function: Callable[..., object], when: str, stop: Callable[[], None]) -> Callable[..., object]:
    @functools.wraps(function)
    def wrapper(*args: object, **kwargs: object) -> object:
        if when == "before":
            stop()
            return function(*args, **kwargs)
        result = function(*args, **kwargs)
        stop()
        return result

    return wrapper


def _stop(armed: Path, number: signal.Signals) -> None:
    try:
        armed.unlink()
    except FileNotFoundError:  # not armed, or another process was faster
        return
    note = armed.with_suffix(".note")
    note.write_text(str(os.getpid()))
    note.rename(armed.with_suffix(".fired"))
    # To this very thread, which then stops right here; sent to the process, another thread may take it a moment later.
    signal.pthread_kill(threading.get_ident(), number)
