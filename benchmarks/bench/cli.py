"""The command line: `python -m bench quick | all | compare | crash | tricks | before | report`."""

import argparse
import signal
import sys
import time
from functools import partial

from stack.errors import StackError

from bench.crash import measure_crashes
from bench.lineup import HEADLINE, LINEUP, contender
from bench.machine import describe, idleness, load_of_others, require_idle
from bench.pairs import Pace
from bench.plan import ALL, PRODUCTS, QUICK, Part, measure, measure_part
from bench.progress import say
from bench.report import write_report
from bench.results import keep, recall
from bench.rounds import Setting
from bench.tables import print_comparison
from bench.tricks import chosen_tricks
from bench.versions import measure_commit, measure_tricks
from bench.workplace import make_stores, open_bench


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    try:
        match options.command:
            case "quick":
                with open_bench() as bench:
                    print_comparison(measure_part(bench, "orders", QUICK))
            case "all":
                _measure(options.parts or list(ALL), may_be_busy=options.busy)
            case "compare":
                _compare(options)
            case "crash":
                _crash(options)
            case "tricks":
                chosen = chosen_tricks(options.tricks)
                with open_bench() as bench:
                    print("\n" + measure_tricks(bench, chosen, _pace(options)))
            case "before":
                with open_bench() as bench:
                    print("\n" + measure_commit(bench, options.revision, _pace(options)))
            case "report":
                write_report()
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _end(number: int, _: object) -> None:
    raise StackError(f"Ended by {signal.Signals(number).name}; the parts that were finished are kept.")


def _measure(parts: list[str], *, may_be_busy: bool) -> None:
    if unknown := set(parts) - set(ALL):
        raise StackError(f"There is no part {', '.join(unknown)}. There are: {', '.join(ALL)}.")
    took = {}
    with open_bench() as bench:
        look = partial(load_of_others, bench.server)
        for number, part in enumerate(parts, 1):
            busy, began = require_idle(look, may_be_busy=may_be_busy), time.monotonic()
            machine = describe(bench.server)
            say(f"Part {number} of {len(parts)}: {part}. {machine['machine']}; idle: {idleness(busy)}")
            found = measure(bench, part)
            took[part] = f"{(time.monotonic() - began) / 60:.1f}"
            idle = idleness(max(busy, look()))
            keep(part, {**found, "machine": {**machine, "idle": idle}, "minutes": took[part]})
    say(f"Minutes: {', '.join(f'{part} {minutes}' for part, minutes in took.items())}")
    if recall("orders") is None:
        say("The report is written once the part `orders` was measured.")
    else:
        say(f"Written: {', '.join(write_report())}")


def _compare(options: argparse.Namespace) -> None:
    setting = Setting(
        clients=options.clients, products=options.products, warm_up=options.warm_up, seconds=options.seconds
    )
    part = Part(options.contenders or HEADLINE, setting, turns=options.turns)
    with open_bench() as bench:
        print_comparison(measure_part(bench, "orders", part))


def _crash(options: argparse.Namespace) -> None:
    with open_bench() as bench:
        contenders = [contender(bench.site, name) for name in options.contenders]
        make_stores(contenders, products=PRODUCTS)
        for each in contenders:
            print("\n" + measure_crashes(bench, each, turns=options.turns))


def _pace(options: argparse.Namespace) -> Pace:
    alone = max(1, options.seconds / 2)
    return Pace(pairs=options.pairs, together=options.seconds, alone=alone, warm_up=options.warm_up)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench")
    commands = parser.add_subparsers(dest="command", required=True)

    commands.add_parser("quick", help="the shop and three monoliths, in turn")

    everything = commands.add_parser("all", help="measure everything, or some parts, and write the report")
    everything.add_argument("parts", nargs="*", metavar="PART", help=", ".join(ALL))
    everything.add_argument("--busy", action="store_true", help="measure on a machine that is not idle")

    comparing = commands.add_parser("compare", help="place orders with some contenders in turn")
    comparing.add_argument("contenders", nargs="*", metavar="CONTENDER", help=", ".join(LINEUP))
    comparing.add_argument("--turns", type=int, default=4)
    comparing.add_argument("--clients", type=int, default=64)
    comparing.add_argument("--products", type=int, default=PRODUCTS, help="1: one hot product")
    comparing.add_argument("--warm-up", type=float, default=6)
    comparing.add_argument("--seconds", type=float, default=5)

    crashing = commands.add_parser("crash", help="kill what places orders, and see who completes them and when")
    crashing.add_argument("contenders", nargs="+", metavar="CONTENDER")
    crashing.add_argument("--turns", type=int, default=3)

    undoing = commands.add_parser("tricks", help="the shop against itself with one trick undone, one after the other")
    undoing.add_argument("tricks", nargs="*", metavar="TRICK", help="the name of a patch in tricks/; all without it")
    earlier = commands.add_parser("before", help="the working tree against a commit")
    earlier.add_argument("revision", metavar="COMMIT")
    for parsed in (undoing, earlier):
        parsed.add_argument("--pairs", type=int, default=Pace.pairs, help="at least two")
        parsed.add_argument("--seconds", type=float, default=Pace.together, help="of load in each slice; whole ones")
        parsed.add_argument("--warm-up", type=float, default=Pace.warm_up)

    commands.add_parser("report", help="write the report again, from what was measured last")
    return parser
