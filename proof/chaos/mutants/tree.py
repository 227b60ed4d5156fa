"""Copies of services with a mutant's edits. The work tree stays as it is."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.mutants.mutant import Mutant
from stack.places import KIT, REPOSITORY
from stack.registry import SERVICES

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

    A copy has the virtual environment of its original, and so the one service_kit of the repository. If the mutant
    changes that, every service is copied, and has a copy of it in its folder, where Python looks first.
    """
    texts = mutated(mutant)
    changed = {file.partition("/")[0] for file in texts}
    with TemporaryDirectory(prefix=f"mutant-{mutant.name}-") as folder:
        environment = {}
        for service in SERVICES if KIT.name in changed else sorted(changed):
            copy = Path(folder) / service
            shutil.copytree(REPOSITORY / service, copy, ignore=LEFT_OUT)
            (copy / ".venv").symlink_to(REPOSITORY / service / ".venv")
            environment[f"STACK_{service.upper()}"] = str(copy)
            if KIT.name in changed:
                shutil.copytree(KIT, copy / KIT.name, ignore=LEFT_OUT)
        for file, text in texts.items():
            for place in _places(Path(folder), file):
                place.write_text(text)
        yield environment


def _places(folder: Path, file: str) -> list[Path]:
    """Where copies of a file lie."""
    project, _, inside = file.partition("/")
    return [folder / service / inside for service in SERVICES] if project == KIT.name else [folder / file]
