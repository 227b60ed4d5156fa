"""The picture of a deploy: how the instances of one service are replaced while it serves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapes import box, frame, number, text

OLD, NEW = (0, 1), (2, 3)  # the places of the instances, from the left
STEP, LEFT, GAP = 168, 10, 39  # pixels: from frame to frame, before the first one, and from instance to instance
GATEWAY, INSTANCES = 76, 190  # where their middles are
LINKS = 4

DRAINED = number("compose/deploy.py", r"DRAINED_AFTER = ([\d.]+)")
STOPPED = number("compose/deploy.py", r"STOPPED_WITHIN = (\d+)")


@dataclass(frozen=True)
class Step:
    """One frame: where the gateway's links point, and what the old and the new instances are then."""

    name: str
    words: tuple[str, str]
    linked: Sequence[int]
    old: str = "own"
    new: str = "own"
    kept: Sequence[int] = ()


STEPS = (
    Step("1. Start", ("New instances start", "beside the old ones."), OLD, new="wait"),
    Step("2. Ready", ("/readyz is 200:", "links to them as well."), (*OLD, *NEW)),
    Step("3. Switch", ("The old ones, marked,", "lose their links."), NEW, old="gate", kept=OLD),
    Step("4. Drain", (f"In {DRAINED:g} s nginx lets go", "of its connections."), NEW, old="gate", kept=OLD[:1]),
    Step("5. Stop", ("Work under way ends,", f"within {STOPPED:g} s of SIGTERM."), NEW, old="wait"),
)


def deployment() -> str:
    """Five frames, from the old version to the new one."""
    body = [line for at, step in enumerate(STEPS) for line in _frame(LEFT + STEP * at, step)]
    words = " ".join(f"{step.name}: {' '.join(step.words)}" for step in STEPS)
    return frame("The deploy of one service", words, 2 * LEFT + STEP * len(STEPS), 288, body)


def _frame(left: float, step: Step) -> Iterator[str]:
    middle = left + STEP / 2
    yield f'<rect class="part" x="{left + 4}" y="12" width="{STEP - 8}" height="264" rx="6"/>'
    yield text(middle, 36, step.name, small=False)
    yield from box(middle, GATEWAY, "gateway", kind="part", width=STEP - 20, height=40)
    for place in step.kept:
        yield _line("wait", left, place, place)
    for link in range(LINKS):
        yield _line("line", left, link, step.linked[link % len(step.linked)])
    for place in (*OLD, *NEW):
        is_old = place in OLD
        kind = step.old if is_old else step.new
        yield from box(_x(left, place), INSTANCES, "old" if is_old else "new", kind=kind, width=36, height=36)
    for at, line in enumerate(step.words):
        yield text(middle, 238 + 18 * at, line)


def _line(kind: str, left: float, link: int, place: int) -> str:
    return f'<path class="{kind}" d="M{_x(left, link):g} {GATEWAY + 20} L{_x(left, place):g} {INSTANCES - 19}"/>'


def _x(left: float, place: int) -> float:
    """The middle of an instance, and of the link above it."""
    return left + STEP / 2 + GAP * (place - 1.5)
