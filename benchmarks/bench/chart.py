"""The picture: who places how many orders per second, and how long the slowest one in a hundred waits."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from bench.comparison import Comparison, Figure, p99, rate

OURS, OTHERS, VARIANTS = "#1f6f54", "#9aa5b1", "#c9d1d9"
SIZE = (11, 5.2)  # inches
ROOM = 1.35  # the axis is longer than the longest bar by this, for the words beside it
NOT_SOLD = ("ungrouped",)  # the shop with a part taken away, for comparison only


def draw(comparison: Comparison, path: Path, *, caption: str, is_idle: bool = True) -> None:
    """Write the picture of one comparison as a PNG."""
    names = sorted(comparison.rounds, key=lambda name: comparison.middle(name, rate))
    figure, (left, right) = plt.subplots(1, 2, figsize=SIZE, gridspec_kw={"width_ratios": [1.5, 1]}, sharey=True)
    base = comparison.middle("monolith", rate)
    _bars(left, comparison, names, rate, label=lambda value: f"{value:,.0f}   ({value / base:.2g} x)")
    left.set_title("Orders per second  (x the best-tuned monolith)", loc="left", fontsize=10)
    _bars(right, comparison, names, p99, label=lambda value: f"{value:,.0f} ms")
    right.set_title("The slowest 1 % wait longer than", loc="left", fontsize=10)
    wrong = {name for name in names if any(done.stock_error for done in comparison.rounds[name])}
    left.set_yticks(range(len(names)), [comparison.titles[name] + " *" * (name in wrong) for name in names])
    for tick, name in zip(left.get_yticklabels(), names, strict=True):
        tick.set_fontweight("bold" if name == "ours" else "normal")
    figure.suptitle(
        f"Placing orders, {comparison.setting.clients} clients at once",
        x=0.01,
        ha="left",
        fontsize=13,
        fontweight="bold",
    )
    footnote = "* Its ledger is not balanced.   " if wrong else ""
    figure.text(0.01, 0.01, footnote + caption, fontsize=8, color="#555555")
    if not is_idle:
        figure.text(0.99, 0.95, "The machine was not idle.", ha="right", fontsize=11, color="red", fontweight="bold")
    figure.tight_layout(rect=(0, 0.03, 1, 1))
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _bars(
    axes: Axes, comparison: Comparison, names: Sequence[str], figure: Figure, *, label: Callable[[float], str]
) -> None:
    values = [comparison.middle(name, figure) for name in names]
    colours = [OURS if name == "ours" else VARIANTS if name in NOT_SOLD else OTHERS for name in names]
    bars = axes.barh(range(len(names)), values, color=colours, height=0.7)
    axes.bar_label(bars, [label(value) for value in values], padding=4, fontsize=9)
    axes.set_xlim(0, max(values) * ROOM)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(left=False)
