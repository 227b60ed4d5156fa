"""What is measured, in which order; each part can be measured alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from stack.errors import StackError

from bench.comparison import Comparison, compare
from bench.lineup import COMPARED, HEADLINE, PYTHONS, TOPOLOGIES, contender
from bench.progress import say
from bench.rounds import Bench, Setting
from bench.scale import measure_scale
from bench.trees import find_python
from bench.workplace import make_stores

PRODUCTS = 10_000
ONE, PAGE = {"one": 100}, {"page": 100}
# Of 100 requests 80 read the catalogue, 15 place orders, and 5 change a product.
MIXED = {"one": 64, "page": 16, "place": 15, "change": 5}


@dataclass(frozen=True)
class Part:
    """
    Rounds of some contenders in turn.

    :param base: whose figures are divided by those of each other; the first one without.
    """

    contenders: Sequence[str]
    setting: Setting
    turns: int = 3
    base: str = ""


QUICK = Part(HEADLINE, Setting(warm_up=2, seconds=4))
PARTS: Mapping[str, Part] = {
    "topology": Part([str(each) for each in TOPOLOGIES], Setting(seconds=4), turns=2),
    "orders": Part(COMPARED, Setting()),
    "hot": Part(["ours", "grouped", "monolith", "usual", "trimmed"], Setting(products=1)),
    "alone": Part(["ours", "grouped", "monolith", "usual", "dbos"], Setting(clients=1)),
    "pages": Part(["ours", "monolith", "usual"], Setting(shares=PAGE, page_size=100, warm_up=3)),
    "mixed": Part(["ours", "monolith", "usual"], Setting(shares=MIXED)),
    "instances": Part(["twice", "ours"], Setting()),
    "pythons": Part([*(f"python{each}" for each in PYTHONS), "ours"], Setting(), base="ours"),
    "sqlite": Part(["sqlite", "usual"], Setting(clients=16)),
    "cache": Part(["cached", "direct", "visitors", "visitor"], Setting(products=100, shares=ONE, warm_up=1)),
    "memory": Part(["ours"], Setting(seconds=15), turns=1),  # 20,000 orders
}
SCALE = "scale"
ALL = (*PARTS, SCALE)


def measure(bench: Bench, name: str) -> Mapping[str, object]:
    """Measure a part of the plan, by its name."""
    return measure_scale(bench) if name == SCALE else asdict(measure_part(bench, name, PARTS[name]))


def measure_part(bench: Bench, name: str, part: Part) -> Comparison:
    """Run the rounds of those contenders that can run here."""
    chosen = [contender(bench.site, each) for each in part.contenders if _can_run(each)]
    make_stores(chosen, products=PRODUCTS)
    return compare(bench, chosen, part.setting, name=name, turns=part.turns)


def _can_run(name: str) -> bool:
    """Whether the Python of a contender is here. If it is not, say so, loudly: its row is missing."""
    if not name.startswith("python"):
        return True
    try:
        find_python(name.removeprefix("python"))
    except StackError as error:
        say(f"NOT MEASURED: {error}")
        return False
    return True
