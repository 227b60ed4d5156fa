"""What pictures are made of, readable in light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

REPOSITORY = Path(__file__).parents[2]

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title text"
     font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="14">
  <title id="title">{title}</title>
  <desc id="text">{text}</desc>
  <style>
    .paper {{ fill: #ffffff; stroke: #d0d7de; }}
    .part {{ fill: #f6f8fa; stroke: #57606a; }}
    .own {{ fill: #ddf4ff; stroke: #0969da; }}
    .gate {{ fill: #fff8c5; stroke: #9a6700; }}
    .line {{ fill: none; stroke: #57606a; stroke-width: 1.6; marker-end: url(#head); }}
    .wait {{ fill: none; stroke: #8b949e; stroke-width: 1.6; stroke-dasharray: 2 5; }}
    text {{ fill: #1f2328; text-anchor: middle; }}
    .small {{ font-size: 12.5px; fill: #57606a; }}
    .begin {{ text-anchor: start; }}
    .end {{ text-anchor: end; }}
    .grid {{ stroke: #d0d7de; }}
    #head path {{ fill: #57606a; }}
    @media (prefers-color-scheme: dark) {{
      .paper {{ fill: #0d1117; stroke: #30363d; }}
      .part {{ fill: #161b22; stroke: #8b949e; }}
      .own {{ fill: #0c2d4d; stroke: #58a6ff; }}
      .gate {{ fill: #3b2e00; stroke: #d29922; }}
      .line {{ stroke: #8b949e; }}
      .grid {{ stroke: #30363d; }}
      text {{ fill: #e6edf3; }}
      .small {{ fill: #9da7b1; }}
      #head path {{ fill: #8b949e; }}
    }}
  </style>
  <defs>
    <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
      <path d="M0 0 L10 5 L0 10 z"/>
    </marker>
  </defs>
  <rect class="paper" x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="8"/>
{body}
</svg>
"""
BOX_WIDTH, BOX_HEIGHT, LINE = 130, 44, 17


def box(
    x: float, y: float, *lines: str, kind: str = "own", width: float = BOX_WIDTH, height: float = 0
) -> Iterator[str]:
    """A box around (x, y) with centred lines; the first one is large."""
    tall = height or max(BOX_HEIGHT, LINE * len(lines) + 16)
    corner = f'x="{x - width / 2:g}" y="{y - tall / 2:g}"'
    yield f'<rect class="{kind}" {corner} width="{width:g}" height="{tall:g}" rx="6"/>'
    for number, line in enumerate(lines):
        yield text(x, y + LINE * (number - (len(lines) - 1) / 2) + 5, line, small=number > 0)


def text(x: float, y: float, line: str, *, small: bool = True, anchor: str = "") -> str:
    """Write a line around x, or with the anchor `begin` or `end` from or up to it."""
    kinds = " ".join(filter(None, ("small" if small else "", anchor)))
    kind = f' class="{kinds}"' if kinds else ""
    return f'<text{kind} x="{x:g}" y="{y:g}">{escape(line)}</text>'


def arrow(path: str) -> str:
    return f'<path class="line" d="{path}"/>'


def frame(title: str, words: str, width: int, height: int, body: list[str]) -> str:
    return FRAME.format(
        title=title,
        text=escape(words),
        width=width,
        height=height,
        inner_width=width - 1,
        inner_height=height - 1,
        body="\n".join(f"  {line}" for line in body),
    )


def number(path: str, pattern: str) -> float:
    """
    Read a number from a file of the repository: what the pattern's group found.

    :raises SystemExit: if it is not there.
    """
    found = re.search(pattern, (REPOSITORY / path).read_text())
    if found is None:
        raise SystemExit(f"{path} has no {pattern}.")
    return float(found[1])
