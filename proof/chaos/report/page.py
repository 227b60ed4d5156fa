"""The figures and the picture of a run as one page that needs no other file."""

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from chaos.report.figures import Figures, Spread
from chaos.report.text import command, milliseconds, origin, verdict

STYLE = """
:root { color-scheme: light dark; --quiet: #8883; --good: #1b7f3b; --bad: #c1121f; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; color: var(--good); } .bad h1 { color: var(--bad); }
h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .8rem; margin: 1.5rem 0; }
.tile { border: 1px solid var(--quiet); border-radius: .5rem; padding: .6rem .9rem; }
.tile b { display: block; font-size: 1.5rem; }
img { width: 100%; background: white; border: 1px solid var(--quiet); border-radius: .5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--quiet); }
th { text-align: left; font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
summary { color: var(--bad); font-weight: 600; }
pre { padding: .8rem; overflow-x: auto; background: var(--quiet); border-radius: .5rem; font-size: 12.5px; }
code { font-family: ui-monospace, monospace; }
"""
OPENED = 3  # violations whose history is shown without a click
EXPLAINED = """\
Recovery: from the end of a fault until an order is placed that was requested afterwards. Unresolved: how
long an order was undecided, or product_service had not acknowledged it, with the faults in that time."""
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
<body class="{mood}">
{content}
</body>
</html>
"""


def page(figures: Figures, picture: Path) -> str:
    """Return the page."""
    title = verdict(figures).split(":")[0]
    image = base64.b64encode(picture.read_bytes()).decode()
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(origin(figures))}. The same again: <code>{escape(command(figures))}</code></p>",
        _tiles(figures),
        f'<img alt="Faults, throughput, latency and undecided orders over time" src="data:image/png;base64,{image}">',
        *_violations(figures),
        "<h2>Faults</h2>",
        _faults(figures),
        "<h2>Operations</h2>",
        _operations(figures),
        "<h2>Recovery and unresolved orders</h2>",
        f"<p>{EXPLAINED}</p>",
        _recovery(figures),
        "<h2>Memory</h2>",
        _memory(figures),
    ]
    mood = "bad" if figures.violations else "good"
    return PAGE.format(title=escape(title), style=STYLE, mood=mood, content="\n".join(parts))


def _tiles(figures: Figures) -> str:
    values = [
        (f"{len(figures.violations)}", "violations"),
        (f"{figures.faults.total():,}", f"faults of {len(figures.faults)} kinds"),
        (f"{len(figures.run.operations):,}", "operations"),
        (f"{figures.orders:,}", "orders"),
        (f"{figures.snapshots:,}", "snapshots checked"),
        (f"{figures.recovery.p99:.2f} s", "recovery, p99"),
        (f"{figures.recovery.most:.2f} s", "recovery, longest"),
        (f"{figures.unresolved.most:.1f} s", "unresolved, longest"),
        (f"{figures.seconds / 60:.1f} min", "lasted"),
    ]
    tiles = "".join(f'<div class="tile"><b>{escape(value)}</b>{escape(name)}</div>' for value, name in values)
    return f'<div class="tiles">{tiles}</div>'


def _violations(figures: Figures) -> Iterable[str]:
    if figures.violations:
        yield "<h2>Violations</h2>"
        yield "<p>Each with the smallest piece of history that shows it. A <code>&gt;</code> marks the evidence.</p>"
    for number, violation in enumerate(figures.violations):
        first, *piece = str(violation).splitlines()
        opened = " open" if number < OPENED else ""
        lines = escape("\n".join(piece))
        yield f"<details{opened}><summary>{escape(first)}</summary><pre>{lines}</pre></details>"


def _faults(figures: Figures) -> str:
    kinds = [kind for kind, _ in figures.faults.most_common()]
    targets = sorted({target for _, target in figures.faults_at})
    rows = [["everywhere", *(f"{figures.faults[kind]:,}" for kind in kinds)]]
    rows += [[target, *(f"{figures.faults_at[kind, target] or ''}" for kind in kinds)] for target in targets]
    return _table(["of", *kinds], rows)


def _operations(figures: Figures) -> str:
    rows = [
        [
            of_kind.kind,
            f"{of_kind.count:,}",
            f"{of_kind.done:,}",
            f"{of_kind.refused:,}",
            f"{of_kind.unknown:,}",
            milliseconds(of_kind.latency.p50),
            milliseconds(of_kind.latency.p99),
            milliseconds(of_kind.latency.most),
        ]
        for of_kind in figures.operations
    ]
    return _table(["operation", "all", "done", "refused", "unknown", "p50", "p99", "longest"], rows)


def _recovery(figures: Figures) -> str:
    spreads: list[tuple[str, Spread]] = [("unresolved", figures.unresolved), ("recovery", figures.recovery)]
    spreads += [(f"recovery from {kind}", spread) for kind, spread in figures.recovery_by_kind.items()]
    rows = [
        [name, f"{spread.count:,}", *(f"{value:.2f} s" for value in (spread.p50, spread.p90, spread.p99, spread.most))]
        for name, spread in spreads
    ]
    return _table(["", "count", "p50", "p90", "p99", "longest"], rows)


def _memory(figures: Figures) -> str:
    rows = [
        [growth.part, f"{growth.before / 1024:.1f} MiB", f"{growth.after / 1024:.1f} MiB", f"{growth.share:+.1%}"]
        for growth in figures.growth
    ]
    if not rows:
        return "<p>No process lived for long enough to compare its memory.</p>"
    return _table(["the oldest process of", "first third of its life", "last third", "growth"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = ["", *[' class="number"'] * (len(row) - 1)]
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{cells("th", head)}</tr>{body}</table></div>'
