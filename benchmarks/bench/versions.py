"""The shop against other versions of itself: without one trick after the other, or as it was at another commit."""

import shutil
from collections.abc import Sequence
from dataclasses import replace

from stack.errors import StackError

from bench.contender import Contender
from bench.designs import Shop
from bench.pairs import ALONE, COST, P50, RATE, TOGETHER, Pace, measure_loads, measure_starts, ratio
from bench.plan import PRODUCTS
from bench.progress import say
from bench.rounds import Bench
from bench.tables import table
from bench.trees import checked_out, copied, in_tree, patched
from bench.tricks import Trick
from bench.verdicts import HEAD, order_cells, start_cells
from bench.workplace import make_stores


def measure_tricks(bench: Bench, tricks: Sequence[Trick], pace: Pace) -> str:
    """Return a table of what each trick gains; it names those whose patches do not apply any more."""
    present, other = _side_by_side(bench)
    make_stores([present, other], products=PRODUCTS)
    say("Control: the shop against itself")
    rows = [["nothing, as a control", "the same", *order_cells(measure_loads(bench, present, other, pace))]]
    for number, trick in enumerate(tricks, 1):
        say(f"Trick {number} of {len(tricks)}: {trick.title}")
        cells = _cells(bench, trick, present, other, pace)
        say(f"{trick.name}: {'; '.join(cells)}")  # a run that is ended early has shown what it measured
        rows.append([trick.title, trick.instead, *cells])
    return table(["trick", "instead", *HEAD], rows)


def measure_commit(bench: Bench, revision: str, pace: Pace) -> str:
    """Return a table of the working tree's figures by those of a commit."""
    say(f"Laying out {revision}, with the packages of its lock files ...")
    present, other = _side_by_side(bench)
    earlier = replace(in_tree(other, checked_out(revision)), title=f"the shop at {revision}")
    make_stores([present, earlier], products=PRODUCTS)
    pairs = measure_loads(bench, present, earlier, pace)
    return table(
        [f"the working tree / {revision}", f"{TOGETHER} clients", "one client"],
        [[name, str(ratio(pairs, name)), str(ratio(pairs, name, ALONE))] for name in (RATE, P50, COST)],
    )


def _side_by_side(bench: Bench) -> tuple[Contender, Contender]:
    """The shop twice, each on databases of its own."""
    tree = copied(bench.site.folder / "trees" / "present")  # laid out as the other one is
    present = Shop("the shop", "").on(bench.site, "present")
    other = Shop("the other version", "", prefix="other_").on(bench.site, "other")
    return in_tree(present, tree), in_tree(other, tree)


def _cells(bench: Bench, trick: Trick, present: Contender, other: Contender, pace: Pace) -> list[str]:
    folder = bench.site.folder / "trees" / trick.name
    try:
        tree = patched(trick.patch, into=folder)
    except StackError as error:
        say(str(error))
        return ["", "", "not measured: its patch does not apply any more"]
    try:
        patched_shop = replace(in_tree(other, tree), title=f"the shop with {trick.name}.patch")
        both = (patched_shop, present) if trick.is_added else (present, patched_shop)
        return _compare(bench, trick, *both, pace)
    finally:
        shutil.rmtree(folder)


def _compare(bench: Bench, trick: Trick, having: Contender, without: Contender, pace: Pace) -> list[str]:
    if trick.judged_by == "start":
        return start_cells(measure_starts(bench, having, without, pace))
    return order_cells(measure_loads(bench, having, without, pace))
