"""`make debug`: one part of the shop of `make run` in the foreground of this terminal, where `breakpoint()` works."""

import os
import signal
import subprocess
from pathlib import Path

from commands.found import find_containers
from stack.claim import Program, running_shop
from stack.errors import StackError
from stack.lending import borrowed
from stack.private import UMASK

NONE = "No shop runs on {data}. Start one first, in another terminal"
IN_CONTAINERS = (
    "The shop runs in containers, and this is for that of `make run`. compose/README.md has the command for them."
)
# One worker, which may stop for as long as its developer thinks.
NO_TIMEOUT = ["--workers", "1", "--timeout", "0", "--graceful-timeout", "1"]


def debug(*, data: Path, part: str) -> int:
    """
    Run a part here until it ends; then the shop runs it again. Return its exit status.

    :raises StackError: if no shop runs, or it has no such part.
    """
    running = running_shop(data)
    if running is None or not running.public_url:
        raise StackError(IN_CONTAINERS if find_containers() else f"{NONE.format(data=data)}: make run")
    candidates = [name for name in running.programs if name not in {"gateway", "postgresql"}]
    if part not in candidates:
        raise StackError(f"Say which part: make debug SERVICE=... with one of {', '.join(candidates)}.")
    program = running.programs[part]
    with borrowed(running, part):
        print(f"{part} runs here now. Ctrl-C gives it back to the shop at {running.public_url}.", flush=True)
        signal.signal(signal.SIGINT, lambda *_: None)  # it is meant for the part, which does not inherit a handler
        done = subprocess.run(
            _command(program), cwd=program.folder, env=environment_of(program), umask=UMASK, check=False
        )
        return done.returncode


def _command(program: Program) -> list[str]:
    return [*program.command, *(NO_TIMEOUT if "gunicorn" in program.command else [])]


def environment_of(program: Program) -> dict[str, str]:
    """What the shop gave it, and what this terminal is. With DEBUGPY, `breakpoint()` would wait for an editor."""
    given = {name: value for name, value in program.environment.items() if name != "DEBUGPY"}
    return {**given, **{name: os.environ[name] for name in ("TERM", "PYTHONBREAKPOINT") if name in os.environ}}
