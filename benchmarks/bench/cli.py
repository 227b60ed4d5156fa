"""The command line: `python -m bench compare | ...`."""

import argparse
import sys

from stack.errors import StackError

from bench.comparison import compare
from bench.lineup import HEADLINE, LINEUP
from bench.rounds import Setting
from bench.tables import print_table
from bench.workplace import make_stores, open_bench

PRODUCTS = 10_000


def main(arguments: list[str] | None = None) -> int:
    """This function will do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _compare(options)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _compare(options: argparse.Namespace) -> None:
    setting = Setting(
        clients=options.clients, products=options.products, warm_up=options.warm_up, seconds=options.seconds
    )
    with open_bench() as bench:
        contenders = [LINEUP[name](bench.site) for name in options.contenders]
        make_stores(contenders, products=PRODUCTS)
        print_table(compare(bench, contenders, setting, name="orders", turns=options.turns))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench")
    commands = parser.add_subparsers(dest="command", required=True)

    comparing = commands.add_parser("compare", help="place orders with some contenders in turn")
    comparing.add_argument("contenders", nargs="*", default=list(HEADLINE), choices=[*LINEUP, []], metavar="CONTENDER")
    comparing.add_argument("--turns", type=int, default=4)
    comparing.add_argument("--clients", type=int, default=64)
    comparing.add_argument("--products", type=int, default=PRODUCTS, help="1: one hot product")
    comparing.add_argument("--warm-up", type=float, default=2)
    comparing.add_argument("--seconds", type=float, default=5)
    return parser
