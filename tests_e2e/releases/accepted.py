"""New values in answers that a review accepted although callers of the last release do not know them."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from typing import Any

import yaml

from releases.contract import Document, breaks
from releases.places import VERSION, ReleaseError, ReleaseFiles, version_numbers

EMPTY = """\
# New values of enums in answers that callers of the last release do not know, accepted in a review.
# CONTRIBUTING.md, "A release", says what an entry holds. A release empties the list.
[]
"""


@dataclass(frozen=True)
class Acceptance:
    """One value more that an enum of the released contract may have in answers."""

    schema: str  # a JSON pointer into the released contract, to the schema that has the enum
    value: str
    version: str  # the release that it comes in
    reason: str

    def __str__(self) -> str:
        return f"{self.value} in {self.schema}"


def read_accepted(files: ReleaseFiles) -> list[Acceptance]:
    """
    Read a service's list; a service without the file accepts nothing.

    :raises ReleaseError: if an entry is not complete.
    """
    if not files.accepted.exists():
        return []
    entries = yaml.safe_load(files.accepted.read_text()) or []
    if not isinstance(entries, list):
        raise ReleaseError(f"{files.accepted} is not a list.")
    return [_read_entry(files, entry) for entry in entries]


def refusals(files: ReleaseFiles) -> list[str]:
    """
    Return why the contract cannot be released as it is, one sentence each: what it breaks, and entries of no use.

    Where an entry would do, the last sentences say how it is written.
    """
    if not files.released.exists():
        return []
    old: Document = yaml.safe_load(files.released.read_text())
    new: Document = yaml.safe_load(files.contract.read_text())
    accepted = read_accepted(files)
    found = _breaks(old, new, accepted)
    return [
        *found,
        *_useless(old, new, accepted),
        *_early(files, accepted),
        *(_how_to_accept(files, possible) if (possible := list(_acceptable(old, new, accepted, found))) else ()),
    ]


def _read_entry(files: ReleaseFiles, entry: object) -> Acceptance:
    names = [field.name for field in fields(Acceptance)]
    if not isinstance(entry, Mapping) or sorted(map(str, entry)) != sorted(names):
        raise ReleaseError(f"{files.accepted}: an entry has exactly {', '.join(names)}; this is another: {entry}")
    if not all(isinstance(text, str) and text.strip() for text in entry.values()):
        raise ReleaseError(f"{files.accepted}: what an entry holds is text, and none of it is empty: {entry}")
    acceptance = Acceptance(**entry)
    if not VERSION.fullmatch(acceptance.version):
        raise ReleaseError(
            f"{files.accepted}: {acceptance.version} is not a version: three numbers, with dots between."
        )
    return acceptance


def _breaks(old: Document, new: Document, accepted: Sequence[Acceptance]) -> list[str]:
    """What breaks callers who can read the accepted values too. Requests are compared as they are."""
    readable = deepcopy(dict(old))
    for each in accepted:
        enum = _enum_at(readable, each.schema)
        if enum is not None:
            enum.append(each.value)
    return breaks(old, new, readable=readable)


def _useless(old: Document, new: Document, accepted: Sequence[Acceptance]) -> Iterator[str]:
    """An entry is of use if something breaks without it."""
    found = _breaks(old, new, accepted)
    for index, each in enumerate(accepted):
        if _breaks(old, new, [*accepted[:index], *accepted[index + 1 :]]) == found:
            yield f"contracts/accepted.yaml accepts {each}, and no answer needs that: remove the entry"


def _early(files: ReleaseFiles, accepted: Sequence[Acceptance]) -> Iterator[str]:
    last = files.released_version()
    for each in accepted:
        if last and version_numbers(each.version) <= version_numbers(last):
            yield f"contracts/accepted.yaml accepts {each} for {each.version}, but {last} was released already"


def _acceptable(old: Document, new: Document, accepted: Sequence[Acceptance], found: list[str]) -> Iterator[Acceptance]:
    """The entries that would each accept something of what was found."""
    for pointer in _enums(old):
        known, offered = _enum_at(old, pointer) or [], _enum_at(new, pointer) or []
        for value in offered:
            entry = Acceptance(pointer, value, version="<the release it comes in>", reason="<why callers can cope>")
            if value not in known and isinstance(value, str) and _breaks(old, new, [*accepted, entry]) != found:
                yield entry


def _how_to_accept(files: ReleaseFiles, possible: Sequence[Acceptance]) -> Iterator[str]:
    listed = yaml.safe_dump([asdict(each) for each in possible], sort_keys=False, width=1000).rstrip()
    yield (
        f"A new value in an answer can be accepted in a review, by an entry in {files.service}/contracts/accepted.yaml "
        f'(CONTRIBUTING.md, "A release"):\n{listed}'
    )


def _enums(node: object, pointer: str = "") -> Iterator[str]:
    """JSON pointers to all schemas that have an enum."""
    if isinstance(node, Mapping):
        if isinstance(node.get("enum"), list):
            yield pointer
        for key, inner in node.items():
            yield from _enums(inner, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _enums(inner, f"{pointer}/{index}")


def _enum_at(document: Document, pointer: str) -> list[Any] | None:
    """The enum of the schema that a JSON pointer leads to; None where it leads nowhere."""
    node: Any = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key) if isinstance(node, list) else key]
        except (LookupError, TypeError, ValueError):
            return None
    enum = node.get("enum") if isinstance(node, Mapping) else None
    return enum if isinstance(enum, list) else None
