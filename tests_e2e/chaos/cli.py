"""The command line: `python -m chaos run`, `check`, `publish` and `mutants`."""

import argparse
import secrets
import sys
from pathlib import Path

from chaos.mutants.proving import prove_mutants
from chaos.report.published import DOCUMENT, UnpublishableError, publish
from chaos.report.report import report
from chaos.report.text import summary
from chaos.running import Wanted, run
from stack.errors import StackError
from stack.places import REPOSITORY

OUT = REPOSITORY / ".data" / "prove"
HISTORY = OUT / "history.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """This function will do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    match options.command:
        case "run":
            return _run(options)
        case "check":
            return judge(options.history)
        case "publish":
            return _publish(options.history)
        case _:
            return prove_mutants(options.names)


def judge(history: Path) -> int:
    """Check a history, write its report beside it, and say what there is to say. Return 1 if something was violated."""
    figures = report(history)
    print(summary(figures))
    for name in ("report.html", "timeline.png", "summary.txt", "history.jsonl"):
        print(history.with_name(name))
    return 1 if figures.violations else 0


def _run(options: argparse.Namespace) -> int:
    seed = options.seed if options.seed is not None else secrets.randbelow(10**6)
    wanted = Wanted(
        seconds=options.minutes * 60 + options.seconds,
        seed=seed,
        database=options.database,
        folder=options.out,
        mutant=options.mutant,
    )
    print(f"{wanted.command}\n", flush=True)
    try:
        return judge(run(wanted))
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


def _publish(history: Path) -> int:
    try:
        publish(report(history))
    except UnpublishableError as error:
        print(error, file=sys.stderr)
        return 1
    print(DOCUMENT)
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
    running.add_argument("--mutant", default="", help="what was done to the services on purpose")
    checking = commands.add_parser("check", help="check a history that was written before, and report")
    checking.add_argument("history", type=Path, nargs="?", default=HISTORY)
    publishing = commands.add_parser("publish", help="write a run's figures to docs/reliability.md")
    publishing.add_argument("history", type=Path, nargs="?", default=HISTORY)
    mutating = commands.add_parser("mutants", help="break the services on purpose, and see that runs find it")
    mutating.add_argument("names", nargs="*", help="which ones; all of them, if none is named")
    return parser
