"""The picture of a run: faults, throughput, latency, undecided orders, and violations, over time."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from chaos.checker.unresolved import LIMIT
from chaos.checker.violation import Violation
from chaos.report.bins import binned
from chaos.report.figures import Figures
from chaos.report.text import origin, verdict

mpl.use("Agg")

# Okabe and Ito's colours, which most people can distinguish.
PARTS: Mapping[str, tuple[str, str]] = {
    "everything": ("#000000", "everything"),
    "database": ("#D55E00", "a database"),
    "order_service": ("#0072B2", "order_service"),
    "product_service": ("#009E73", "product_service"),
    "gateway": ("#CC79A7", "gateway"),
    "follower": ("#56B4E9", "the follower"),
    "link": ("#E69F00", "a link between two parts"),
}
PHASES: Mapping[str, tuple[str, str]] = {
    "products-outage": ("#FDE0C5", "product_service down"),
    "graceful-restart": ("#D6EAF8", "graceful restart"),
    "quiet": ("#DFF2DF", "quiet: the ledger balances"),
}
VIOLATION = "#C1121F"
OUTCOMES = (("done", "#009E73"), ("refused", "#E69F00"), ("unknown", "#D55E00"))


def draw(figures: Figures, path: Path) -> None:
    """Write the picture as a PNG."""
    figure = Figure(figsize=(16, 11), dpi=110, layout="constrained")
    kinds = [kind for kind, _ in figures.faults.most_common()] or ["none"]
    heights = [max(2.0, 0.34 * len(kinds)), 2, 2, 1.6, 1.6]
    above, throughput, latency, undecided, age = figure.subplots(5, 1, sharex=True, height_ratios=heights)
    _draw_faults(above, figures, kinds)
    _draw_throughput(throughput, figures)
    _draw_latency(latency, figures)
    _draw_undecided(undecided, age, figures)
    for axes in (above, throughput, latency, undecided, age):
        _draw_background(axes, figures)
    for violation in figures.violations[:1]:
        _name(throughput, violation, is_late=violation.at > figures.seconds / 2)
    age.set_xlabel("seconds since the run began")
    age.set_xlim(0, max(figures.seconds, 1.0))
    figure.align_ylabels()
    figure.suptitle(
        verdict(figures).split(":")[0],
        fontsize=18,
        fontweight="bold",
        color=VIOLATION if figures.violations else "#1B5E20",
    )
    figure.legend(handles=_legend_of_colours(figures), loc="outside lower center", ncols=5, frameon=False)
    above.set_title(origin(figures), fontsize=11, color="#444444")
    figure.savefig(path)


def part_of(target: str) -> str:
    """Return which of PARTS a fault's target belongs to."""
    if ">" in target:
        return "link"
    if target.endswith("/database"):
        return "database"
    return target.partition("/")[0]


def _draw_faults(axes: Axes, figures: Figures, kinds: list[str]) -> None:
    least = figures.seconds / 600  # seconds: what is shorter could not be seen
    for part, (colour, _) in PARTS.items():
        spans = [fault for fault in figures.run.faults if part_of(fault.target) == part]
        axes.barh(
            y=[kinds.index(fault.begin.kind) for fault in spans],
            width=[max(min(fault.ended, figures.seconds) - fault.began, least) for fault in spans],
            left=[fault.began for fault in spans],
            height=0.72,
            color=colour,
            alpha=0.85,
        )
    axes.set_yticks(range(len(kinds)), [f"{kind}  {figures.faults[kind]}" for kind in kinds])
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    axes.set_ylabel("faults")


def _legend_of_colours(figures: Figures) -> list[Patch]:
    hit = {part_of(fault.target) for fault in figures.run.faults}
    met = {phase.begin.name for phase in figures.run.phases}
    patches = [Patch(color=colour, label=f"fault of {name}") for part, (colour, name) in PARTS.items() if part in hit]
    patches += [Patch(color=colour, label=name) for phase, (colour, name) in PHASES.items() if phase in met]
    return [*patches, *([Patch(color=VIOLATION, label="violation")] if figures.violations else [])]


def _draw_throughput(axes: Axes, figures: Figures) -> None:
    bins = binned(figures)
    axes.stackplot(
        bins.times,
        [bins.per_second[name] for name, _ in OUTCOMES],
        labels=[name for name, _ in OUTCOMES],
        colors=[colour for _, colour in OUTCOMES],
        step="mid",
        alpha=0.85,
    )
    axes.set_ylabel("operations\nper second")
    _legend(axes)


def _draw_latency(axes: Axes, figures: Figures) -> None:
    bins = binned(figures)
    for name, style, colour in (("order placement", "-", "#0072B2"), ("everything else", "-", "#999999")):
        for share in (50, 99):
            values = bins.latency[name, share]
            width = 1.8 if share == 99 else 0.9  # noqa: PLR2004 - a percentile
            axes.plot(bins.times, values, style, color=colour, linewidth=width, label=f"{name}, p{share}")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylabel("answered within\n(ms)")
    _legend(axes)


def _draw_undecided(counts: Axes, ages: Axes, figures: Figures) -> None:
    seen = figures.run.orders_seen
    times = [sample.at for sample in seen]
    counts.fill_between(times, [sample.unsynced for sample in seen], step="post", color="#56B4E9", label="unsynced")
    counts.fill_between(times, [sample.undecided for sample in seen], step="post", color="#CC79A7", label="undecided")
    counts.set_ylabel("orders")
    oldest = [max(sample.undecided_age, sample.unsynced_age) for sample in seen]
    ages.fill_between(times, oldest, step="post", color="#56B4E9", label="age of the oldest")
    ages.axhline(LIMIT, color="#444444", linestyle="--", linewidth=1, label="limit, after the fault")
    ages.set_ylabel("seconds")
    for axes in (counts, ages):
        _legend(axes)


def _draw_background(axes: Axes, figures: Figures) -> None:
    for phase in figures.run.phases:
        if phase.begin.name in PHASES:
            end = min(phase.ended, figures.seconds)
            axes.axvspan(phase.began, end, color=PHASES[phase.begin.name][0], zorder=0, linewidth=0)
    for violation in figures.violations:
        axes.axvline(violation.at, color=VIOLATION, linewidth=1.4)
    axes.grid(visible=True, axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _name(axes: Axes, violation: Violation, *, is_late: bool) -> None:
    """Write the name of the violated invariant beside its line, on the side with more space."""
    axes.annotate(
        f" {violation.invariant} ",
        (violation.at, 0.97),
        xycoords=("data", "axes fraction"),
        verticalalignment="top",
        horizontalalignment="right" if is_late else "left",
        color=VIOLATION,
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0},
    )


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
