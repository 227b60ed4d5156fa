"""Copies of services with a mutant's edits. The work tree stays as it is."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.mutants.mutant import Mutant
from stack.places import REPOSITORY

LEFT_OUT = shutil.ignore_patterns(".venv", "__pycache__", ".*_cache", "*.sqlite3", "tests", ".data")


def mutated(mutant: Mutant) -> Mapping[str, str]:
    """
    Return the texts of the files that the mutant changes, by their paths in the repository.

    :raises MutantMovedError: if a file does not have the text to replace exactly once.
    """
    texts: dict[str, str] = {}
    for edit in mutant.edits:
        texts[edit.file] = edit.apply(texts.get(edit.file) or (REPOSITORY / edit.file).read_text())
    return texts


@contextmanager
def tree(mutant: Mutant) -> Iterator[Mapping[str, str]]:
    """
    Copy the services that the mutant changes. Yield the environment variables that make the stack run the copies.

    A copy has the virtual environment of its original, and so the one service_kit of the repository.
    """
    texts = mutated(mutant)
    with TemporaryDirectory(prefix=f"mutant-{mutant.name}-") as folder:
        environment = {}
        for service in sorted({file.partition("/")[0] for file in texts}):
            copy = Path(folder) / service
            shutil.copytree(REPOSITORY / service, copy, ignore=LEFT_OUT)
            (copy / ".venv").symlink_to(REPOSITORY / service / ".venv")
            environment[f"STACK_{service.upper()}"] = str(copy)
        for file, text in texts.items():
            (Path(folder) / file).write_text(text)
        yield environment
