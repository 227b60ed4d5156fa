"""
Imports a file in processes that are killed (SIGKILL) at every kind of moment, each going on where the last one died.

    python -m tests.dying_imports FILE SEED

Prints how many died. A moment is one before a statement, before or after a commit, before or after rejected rows are
written; how many of them a process lives to see is drawn from the seed.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

MOMENTS = 30  # as many as a process sees at most; a batch has about ten


class Life:
    """Ends when it has seen so many moments."""

    def __init__(self, moments: int) -> None:
        self.left = moments

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, done: Callable[..., Any]) -> Callable[..., Any]:
        def spending(*args: Any, **kwargs: Any) -> Any:
            self.spend()
            result = done(*args, **kwargs)
            self.spend()
            return result

        return spending

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.spend()
        return execute(*args)


def import_until_death(file: str, life: Life) -> None:
    from exchange.rejects import RejectsFile  # noqa: PLC0415 - Django is set up by now

    RejectsFile.write = life.around(RejectsFile.write)  # type: ignore[method-assign]
    connection.ensure_connection()
    connection.commit = life.around(connection.commit)  # type: ignore[method-assign]
    with connection.execute_wrapper(life.statement):
        call_command("import_products", file, batch_size=7)


def main(file: str, seed: str) -> None:
    draw = random.Random(seed)
    deaths = 0
    while True:
        moments = draw.randrange(MOMENTS)
        child = os.fork()
        if child == 0:
            import_until_death(file, Life(moments))
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            break
        deaths += 1
    sys.stdout.write(f"{deaths}\n")
    sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(*sys.argv[1:])
