"""One run of schemathesis against a running shop."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from driver.contracts import contract

HERE = Path(__file__).parent
SEED = 20260101  # the same requests every time
USED_CURSORS = Path("cursors.txt")  # in the folder of a run, one a line


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
    prepared.write_text(yaml.safe_dump(dict(contract(service))))
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
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "contracts.fuzzing.hooks",
            "PYTHONPATH": str(HERE.parents[1]),
            "TOKEN": token,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr
