"""The picture is drawn."""

from pathlib import Path

from bench.chart import draw
from tests.made_up import comparison

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    path = tmp_path / "performance.png"

    draw(comparison(ours=[1200.0, 1100.0], monolith=[500.0, 480.0], ungrouped=[300.0, 310.0]), path, caption="made up")

    assert path.read_bytes().startswith(PNG)
