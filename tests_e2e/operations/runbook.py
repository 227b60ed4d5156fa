"""The commands of docs/operations.md, which tests run unchanged."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stack.places import REPOSITORY

OPERATIONS = REPOSITORY / "docs" / "operations.md"


def command(beginning: str) -> str:
    """
    Return the command in the text that is this one, or else begins so, with the lines that go on after a backslash.

    :raises LookupError: if there is none, or several that differ.
    """
    blocks: list[str] = re.findall(r"^ *```sh\n(.*?)^ *```$", OPERATIONS.read_text(), flags=re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    found = {line for line in lines if line == beginning} or {line for line in lines if line.startswith(beginning)}
    if len(found) != 1:
        raise LookupError(f"{beginning!r} begins {len(found)} commands of the runbook: {found}")
    return found.pop()


def run(line: str, *, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell, in a folder. The caller checks whether it succeeded."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
