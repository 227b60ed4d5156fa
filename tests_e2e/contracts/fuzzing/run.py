"""One run of schemathesis against a running shop."""

import os
import subprocess
import sys
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from driver.contracts import contract

HERE = Path(__file__).parent
SEED = 20260101  # the same requests every time


def fuzz(
    *, service: str, url: str, token: str, selection: Sequence[str], examples: int, folder: Path
) -> tuple[bool, str]:
    """
    Make requests from a service's contract, in every phase and with every check.

    :param selection: options that choose operations.
    :param examples: how many requests there are for each operation, at most, in each phase.
    :param folder: where it may write.
    :returns: whether all answers were as documented, and what was found.
    """
    prepared = folder / f"{service}.yaml"
    prepared.write_text(yaml.safe_dump(_without_cursors(deepcopy(dict(contract(service))))))
    options = {"--url": url, "--header": f"Authorization: Bearer {token}", "--seed": SEED, "--max-examples": examples}
    # What is deleted is withdrawn from sale: who may do that still sees it, to put it back.
    checks = ["--checks", "all", "--exclude-checks", "use_after_free"]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
        *("run", str(prepared), "--no-color", *checks, *selection),
        *(str(part) for option in options.items() for part in option),
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "contracts.fuzzing.hooks", "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def _without_cursors(document: dict[str, Any]) -> dict[str, Any]:
    """Leave cursors out: they come from another page, and one that was made up is refused."""
    for operations in document["paths"].values():
        for operation in operations.values():
            parameters = operation.get("parameters", [])
            operation["parameters"] = [parameter for parameter in parameters if parameter["name"] != "cursor"]
    return document
