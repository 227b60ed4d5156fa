"""The command line: `python -m chaos run`; `report` and `publish`, of a history that exists already; `mutants`."""

import argparse
import secrets
import sys
from pathlib import Path
from shutil import copyfile
from typing import get_args

from chaos.history import FaultKind
from chaos.mutants.proving import prove_mutants
from chaos.plan import Least
from chaos.report.figures import Figures
from chaos.report.published import APPENDIX, DOCUMENT, publish
from chaos.report.report import report
from chaos.report.text import summary
from chaos.running import RunOptions, run
from stack.errors import StackError
from stack.places import REPOSITORY

OUT = REPOSITORY / ".data" / "prove"
FILES = ("report.html", "timeline.png", "summary.txt", "history.jsonl")


def main(arguments: list[str] | None = None) -> int:
    """Execute the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    if options.command == "mutants":
        return prove_mutants(options.names)
    folder: Path = options.out.resolve()
    error = _run(options, folder) if options.command == "run" else ""
    if not (folder / FILES[-1]).exists():
        print(error or f"There is no {folder / FILES[-1]}.", file=sys.stderr)
        return 1
    figures = report(folder / FILES[-1])
    print(f"\n{summary(figures)}", *(str(folder / file) for file in FILES), sep="\n", flush=True)
    if options.command == "publish":
        error = _publish(figures, folder / FILES[1])
    if error:
        print(f"\n{error}", file=sys.stderr)
    return 1 if error or figures.violations else 0


def _run(options: argparse.Namespace, folder: Path) -> str:
    """Return what was wrong with the run itself; "" if it came to its end."""
    run_options = RunOptions(
        seconds=options.minutes * 60,
        seed=secrets.randbelow(10**6) if options.seed is None else options.seed,
        database=options.database,
        folder=folder,
        mutant=options.mutant,
        often=tuple(options.often),
        least=Least(faults=options.faults, kinds=options.kinds, operations=options.operations),
    )
    print(f"{run_options.command}\n", flush=True)
    try:
        run(run_options)
    except StackError as error:
        return str(error)
    except KeyboardInterrupt:
        return "The run was interrupted."
    return ""


def _publish(figures: Figures, picture: Path) -> str:
    """Return why the figures could not be published; "" if they are."""
    try:
        publish(figures)
    except StackError as error:
        return str(error)
    copyfile(picture, DOCUMENT.with_suffix(".png"))
    print(f"\n{DOCUMENT}, its picture and {APPENDIX}")
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chaos")
    commands = parser.add_subparsers(dest="command", required=True)

    out = argparse.ArgumentParser(add_help=False)
    out.add_argument("--out", type=Path, default=OUT, help="the folder of the history, the report and the logs")

    running = commands.add_parser("run", parents=[out], help="run a shop under faults, and check its history")
    running.add_argument("--minutes", type=float, default=2.0, help="starting, and the quiet at the end, come on top")
    running.add_argument("--seed", type=int, help="a run with the same seed draws the same faults; without one, any")
    running.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    running.add_argument("--mutant", default="", help="what was changed in the services, for the history")
    running.add_argument(
        "--often", nargs="*", default=[], choices=get_args(FaultKind), help="kinds of faults to inject more often"
    )
    least = "the run goes on, for up to as long again, until there are so many"
    for what in ("faults", "kinds", "operations"):
        running.add_argument(f"--{what}", type=int, default=0, help=least)

    commands.add_parser("report", parents=[out], help="check a history again, and write its report anew")
    commands.add_parser(
        "publish", parents=[out], help="do that, and write the figures to docs/reliability.md and docs/figures"
    )
    mutating = commands.add_parser("mutants", help="break the services on purpose, and see that runs find it")
    mutating.add_argument("names", nargs="*", help="which ones; all of them, if none is named")
    return parser
