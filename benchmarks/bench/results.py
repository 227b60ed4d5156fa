"""What was measured, kept as files, so that a report can be written from runs of different days."""

import json
from collections.abc import Mapping
from typing import Any

from bench.load import BENCHMARKS

FOLDER = BENCHMARKS / ".results"


def keep(name: str, found: Mapping[str, object]) -> None:
    """Replace what was found before under this name."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")


def recall(name: str) -> Mapping[str, Any] | None:
    """What was found under this name, or None if it was never measured."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return None
    found: Mapping[str, Any] = json.loads(path.read_text())
    return found
