"""Draw the pictures: `make pictures`. With --check, fail where one is not as drawn."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from budgets import budgets
from deploying import deployment
from shapes import REPOSITORY, arrow, box, frame, text

HERE = Path(__file__).parent
sys.path.insert(0, str(REPOSITORY / "order_service"))

from orders.states import TRANSITIONS, Placement, Status  # noqa: E402 - from the folder above

WIDEST = 46  # characters of a line of problem types
# The middle of each status in the picture of states.
PLACES = {
    Status.PENDING: (330, 90),
    Status.SHIPPED: (540, 90),
    Status.DELIVERED: (750, 90),
    Status.CANCELED: (330, 220),
}
# When each group begins, and which requests are in it, with the times of their arrival.
GROUPS: Sequence[tuple[int, Mapping[int, int]]] = (
    (130, {1: 110}),
    (360, {2: 190, 3: 240, 4: 310}),
    (590, {5: 450}),
)
# What a client does after each kind of answer. The kinds and their problem types are those of docs/errors.md.
ADVICE = {
    "Final": ("4xx, but not 429", "and not with Retry-After", "nothing changed: correct the request"),
    "Not done": ("", "", "wait as Retry-After says, then repeat"),
    "Unknown": ("no answer,", "", "repeat with the same Idempotency-Key"),
}


def states() -> str:
    """The placement of a row, and the statuses of a live order with the transitions that the code allows."""
    body = [
        '<rect class="part" x="240" y="28" width="600" height="252" rx="6"/>',
        text(720, 262, f"{Placement.LIVE}: what clients see"),
        *box(90, 90, Placement.PLACING, "revision 1", kind="gate"),
        *box(90, 220, Placement.FAILED, "refused or aborted", kind="gate"),
        arrow("M155 90 H262"),
        text(200, 82, "held: 201"),
        arrow("M90 112 V195"),
        text(128, 150, "409, 422"),
        text(128, 166, "or 503"),
        arrow("M300 67 C290 36 370 36 360 66"),
        text(430, 50, "change the quantity"),
    ]
    for status in Status:
        body += box(*PLACES[status], status)
        for goal in sorted(TRANSITIONS[status]):
            (x, y), (to_x, to_y) = PLACES[status], PLACES[goal]
            along = y == to_y
            body.append(arrow(f"M{x + 65} {y} H{to_x - 68}" if along else f"M{x} {y + 22} V{to_y - 25}"))
    body.append(text(412, 160, "its units are released"))
    return frame("The states of an order", " ".join(_transitions()), 860, 300, body)


def _transitions() -> Iterator[str]:
    yield "placing becomes live and pending, or failed."
    for status, goals in TRANSITIONS.items():
        yield f"{status} becomes {' or '.join(sorted(goals))}." if goals else f"{status} is the end."


def answers() -> str:
    """What a client does after each answer to a write."""
    body = [*box(80, 170, "a write", "with a key", kind="gate", width=110)]
    for number, (kind, (first, second, advice)) in enumerate(ADVICE.items()):
        y = 60 + 110 * number
        lines = [line for line in (first, second, *_in_lines(_problems(kind))) if line]
        body += [
            arrow(f"M136 170 C180 170 170 {y} 206 {y}"),
            *box(380, y, "", *lines, "", kind="part", width=340, height=94),
            arrow(f"M550 {y} H594"),
            *box(730, y, kind, advice, width=266),
        ]
    words = " ".join(f"{kind}: {advice}." for kind, (_, _, advice) in ADVICE.items())
    return frame("What a client does after a refusal", words, 880, 340, body)


def _problems(kind: str) -> list[str]:
    """The problem types of a kind, from docs/errors.md."""
    page = (REPOSITORY / "docs" / "errors.md").read_text()
    found = re.search(rf"^- \*\*{kind}\*\*:(.*?)\. [A-Z]", page, re.MULTILINE | re.DOTALL)
    if found is None:
        raise SystemExit(f"docs/errors.md has no kind {kind}.")
    return [name for name in re.findall(r"`([a-z-]+)`", found[1]) if kind != "Final"]


def _in_lines(names: list[str]) -> Iterator[str]:
    """Yield names in lines that fit a box."""
    line = ""
    for name in names:
        if line and len(line) + len(name) > WIDEST:
            yield f"{line},"
            line = ""
        line = f"{line}, {name}" if line else name
    if line:
        yield line


def groups() -> str:
    """Five requests and three groups."""
    body = [
        '<rect class="part" x="20" y="40" width="820" height="226" rx="6"/>',
        text(60, 28, "time"),
        arrow("M84 24 H836"),
    ]
    for number, (begin, members) in enumerate(GROUPS, 1):
        rows = [30 + 40 * thread for thread in members]
        middle = (rows[0] + rows[-1]) / 2
        body += box(
            begin + 110, middle, f"group {number}", "begin, call, confirm", width=220, height=rows[-1] - rows[0] + 36
        )
        for (thread, arrival), y in zip(members.items(), rows, strict=True):
            body.append(text(arrival - 42, y + 5, f"request {thread}"))
            body.append(f'<path class="wait" d="M{arrival} {y} H{begin}"/>')
            body.append(f'<circle class="gate" cx="{arrival}" cy="{y}" r="5"/>')
    body.append(text(430, 287, "The first thread leads its group. Those that come meanwhile are the next group."))
    return frame("Group commit", "Requests that come while a group is placed form the next group.", 860, 300, body)


PICTURES = {
    "states": states,
    "answers": answers,
    "group-commit": groups,
    "budgets": budgets,
    "deployment": deployment,
}


def main() -> int:
    """Draw all pictures; or return 1 if one is not as drawn."""
    stale = []
    for name, draw in PICTURES.items():
        path = HERE / f"{name}.svg"
        drawn = draw()
        if "--check" not in sys.argv:
            path.write_text(drawn)
        elif not path.exists() or path.read_text() != drawn:
            stale.append(path.name)
    if stale:
        print(f"Not as drawn, do `make pictures`: {', '.join(stale)}")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
