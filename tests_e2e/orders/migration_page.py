"""docs/from-a-monolith.md: its blocks of code, each of which names where it belongs."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.places import REPOSITORY

PAGE = REPOSITORY / "docs" / "from-a-monolith.md"
EXAMPLE = REPOSITORY / "docs" / "examples" / "monolith"
BLOCK = re.compile(r"^```(\w+)\n# (\S+)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A piece of a file of the example, or commands to run in a folder."""

    language: str
    place: str
    text: str


def blocks() -> list[Block]:
    """Every block of the page, in order."""
    return [Block(*found) for found in BLOCK.findall(PAGE.read_text())]


class Commands:
    """The commands of the page, and which of them are left to be run."""

    def __init__(self) -> None:
        self._all = [block for block in blocks() if block.language == "sh"]
        self.left = list(self._all)

    def find(self, word: str) -> Block:
        """
        Return the block with this word in it.

        :raises LookupError: if no block has it, or several.
        """
        found = [block for block in self._all if word in block.text]
        if len(found) != 1:
            raise LookupError(f"{word!r} is in {len(found)} blocks of the page")
        return found[0]

    def run(self, block: Block, *, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a block as it stands, in a shell that stops at the first failure. The caller checks its status."""
        self.left = [other for other in self.left if other is not block]
        return subprocess.run(
            ["/bin/sh", "-ec", block.text],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
