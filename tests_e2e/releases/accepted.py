"""What a review accepted although callers of the last release do not expect it: new values, and narrower requests."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from typing import Any

import yaml

from releases.contract import Document, breaks
from releases.files import VERSION, ReleaseError, ReleaseFiles, version_numbers

EMPTY = """\
# What callers of the last release do not expect, accepted in a review: new values in answers, and narrower requests.
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


@dataclass(frozen=True)
class Narrowing:
    """One limit more of a parameter, or of a field of request bodies, wherever it has that name."""

    name: str
    limit: str  # the end of the refusal's sentence
    version: str
    reason: str

    def __str__(self) -> str:
        return f'"{self.limit}" of {self.name}'

    def allows(self, sentence: str) -> bool:
        """Whether the sentence says that this limit is not kept by callers of the last release."""
        about_requests = ": parameter " in sentence or ": request body" in sentence
        return about_requests and sentence.endswith((f" {self.name}: {self.limit}", f".{self.name}: {self.limit}"))


Accepted = Acceptance | Narrowing


def read_accepted(files: ReleaseFiles) -> list[Accepted]:
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


def _read_entry(files: ReleaseFiles, entry: object) -> Accepted:
    kind = Narrowing if isinstance(entry, Mapping) and "limit" in entry else Acceptance
    names = [field.name for field in fields(kind)]
    if not isinstance(entry, Mapping) or sorted(map(str, entry)) != sorted(names):
        raise ReleaseError(f"{files.accepted}: an entry has exactly {', '.join(names)}; this is another: {entry}")
    if not all(isinstance(text, str) and text.strip() for text in entry.values()):
        raise ReleaseError(f"{files.accepted}: what an entry holds is text, and none of it is empty: {entry}")
    acceptance = kind(**entry)
    if not VERSION.fullmatch(acceptance.version):
        raise ReleaseError(
            f"{files.accepted}: {acceptance.version} is not a version: three numbers, with dots between."
        )
    return acceptance


def _breaks(old: Document, new: Document, accepted: Sequence[Accepted]) -> list[str]:
    """What breaks callers who can read the accepted values, and keep the accepted limits."""
    readable = deepcopy(dict(old))
    for each in accepted:
        enum = _enum_at(readable, each.schema) if isinstance(each, Acceptance) else None
        if enum is not None and isinstance(each, Acceptance):
            enum.append(each.value)
    limits = [each for each in accepted if isinstance(each, Narrowing)]
    found = breaks(old, new, readable=readable)
    return [sentence for sentence in found if not any(limit.allows(sentence) for limit in limits)]


def _useless(old: Document, new: Document, accepted: Sequence[Accepted]) -> Iterator[str]:
    """An entry is of use if something breaks without it."""
    found = _breaks(old, new, accepted)
    for index, each in enumerate(accepted):
        if _breaks(old, new, [*accepted[:index], *accepted[index + 1 :]]) == found:
            yield f"contracts/accepted.yaml accepts {each}, and nothing needs that: remove the entry"


def _early(files: ReleaseFiles, accepted: Sequence[Accepted]) -> Iterator[str]:
    last = files.released_version()
    for each in accepted:
        if last and version_numbers(each.version) <= version_numbers(last):
            yield f"contracts/accepted.yaml accepts {each} for {each.version}, but {last} was released already"


def _acceptable(old: Document, new: Document, accepted: Sequence[Accepted], found: list[str]) -> Iterator[Acceptance]:
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
