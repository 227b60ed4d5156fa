"""The command line: `python -m chaos run`."""

import argparse
import secrets
import sys
from pathlib import Path

from chaos.running import Wanted, run
from stack.errors import StackError
from stack.places import REPOSITORY

OUT = REPOSITORY / ".data" / "prove"


def main(arguments: list[str] | None = None) -> int:
    """This function will do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    seed = options.seed if options.seed is not None else secrets.randbelow(10**6)
    wanted = Wanted(
        seconds=options.minutes * 60 + options.seconds,
        seed=seed,
        database=options.database,
        folder=options.out,
    )
    print(f"{wanted.command}\n", flush=True)
    try:
        history = run(wanted)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    print(history)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chaos")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="let a shop live through faults, and check what it did")
    running.add_argument("--minutes", type=float, default=0.0)
    running.add_argument("--seconds", type=float, default=0.0)
    running.add_argument("--seed", type=int, help="a run with the same seed has the same faults; without one, any")
    running.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    running.add_argument("--out", type=Path, default=OUT, help="the folder of the history, the report and the logs")
    return parser
