"""The files, folders and tests that documents name between backticks, and the form of addresses elsewhere."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from documents.document import Document

LOOKS_LIKE_A_PATH = re.compile(
    r"[\w.][\w./-]*/|[\w.][\w./-]*\.(conf|env|lua|md|mjs|mk|patch|py|sh|svg|template|toml|ya?ml)"
)
TEST = re.compile(r"(?:\w+\.)?(test_\w+)")
# What documents may name although it is not here.
MADE_BY_PROGRAMS = {".env", ".trees/"}
OF_THE_EXAMPLE = re.compile(r"shipping(_service)?/.*")  # the service that a reader makes: docs/a-new-service.md
OF_AN_IMAGE = {"46-render-services.sh"}  # nginx's image runs it under this name
NOT_HERE_ON_PURPOSE = {"utils.py", "api/", "kit/", "shared/"}  # decisions say why
MAY_BE_MISSING = MADE_BY_PROGRAMS | OF_AN_IMAGE | NOT_HERE_ON_PURPOSE


def ends(files: Iterable[str]) -> set[str]:
    """Return how each file and folder may be named: by its path from any folder above it."""
    return {
        "/".join(parts[begin:end])
        for parts in (PurePosixPath(name).parts for name in files)
        for end in range(1, len(parts) + 1)
        for begin in range(end)
    }


def missing_paths(document: Document, known: set[str]) -> list[str]:
    """Return the paths between backticks that no file and no folder has. A rendered file may stand for its template."""
    words = [word for code in document.codes() if not code.is_block for word in code.text.split()]
    return [
        word
        for word in words
        if LOOKS_LIKE_A_PATH.fullmatch(word)
        and {word.rstrip("/"), f"{word}.template"}.isdisjoint(known)
        and word not in MAY_BE_MISSING
        and not OF_THE_EXAMPLE.fullmatch(word)
    ]


def missing_tests(document: Document, code: str) -> list[str]:
    """Return the names of tests between backticks that the code of the repository does not have."""
    names = [found[1] for each in document.codes() if not each.is_block and (found := TEST.fullmatch(each.text))]
    return [name for name in names if f"def {name}(" not in code and f"{name}.py" not in code]


def malformed_addresses(document: Document) -> list[str]:
    """Return the addresses with a scheme that lead nowhere. Nothing is requested; rumdl checks the relative ones."""
    absolute = [address for address in document.addresses() if urlsplit(address).scheme]
    return [
        address
        for address in absolute
        if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname
    ]
