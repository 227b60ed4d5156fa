"""Whether a reader of one JSON schema understands everything that a writer of another may write."""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("pattern", "format", "multipleOf", "uniqueItems", "const")
ALTERNATIVES = ("oneOf", "anyOf")
# Formats that only describe what a type holds; every other one is a limit.
DESCRIPTIVE = ("int32", "int64", "float", "double", "password")


@dataclass(frozen=True)
class Schema:
    """A schema and the document that its references lead into."""

    body: Mapping[str, Any]
    home: "Schemas"

    def get(self, key: str) -> Any:  # noqa: ANN401 - a keyword has any JSON value
        """The keyword's value, or None."""
        return self.body.get(key)

    def part(self, body: Mapping[str, Any]) -> Self:
        """A schema inside this one."""
        return type(self)(self.home.resolve(body), self.home)

    def types(self) -> set[str] | None:
        """The JSON types that it allows; None for all."""
        named = self.body.get("type")
        if named is None:
            return None
        types = {named} if isinstance(named, str) else set(named)
        return types | {"integer"} if "number" in types else types

    def properties(self) -> dict[str, Self]:
        """The fields of an object."""
        return {name: self.part(body) for name, body in self.body.get("properties", {}).items()}

    def alternatives(self) -> list[Self]:
        """Its alternatives, each with what holds for all of them; itself alone, if it has none."""
        common = {key: value for key, value in self.body.items() if key not in ALTERNATIVES}
        found = [self.part({**common, **body}) for key in ALTERNATIVES for body in self.body.get(key, [])]
        return found or [self]


@dataclass(frozen=True)
class Schemas:
    """The schemas of a document."""

    document: Mapping[str, Any]

    def of(self, body: Mapping[str, Any]) -> Schema:
        """The schema that stands there, or that it refers to."""
        return Schema(self.resolve(body), self)

    def resolve(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """
        Follow references, and make one schema of those that all hold.

        The same reference leads to the same object, so that a schema which contains itself is recognized.
        """
        if "$ref" in body:
            found: Any = self.document
            for step in body["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            others = {key: value for key, value in body.items() if key != "$ref"}
            found = self.resolve(found)
            body = {**found, **others} if others else found
        if "allOf" not in body:
            return body
        merged = {key: value for key, value in body.items() if key != "allOf"}
        for part in map(self.resolve, body.get("allOf", [])):
            properties = {**part.get("properties", {}), **merged.get("properties", {})}
            required = [*part.get("required", []), *merged.get("required", [])]
            merged = {**part, **merged, **({"properties": properties, "required": required} if properties else {})}
        return merged


def mismatches(
    where: str, *, reader: Schema, writer: Schema, strict: bool, seen: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[str]:
    """
    Say what the writer may write that the reader does not understand.

    :param strict: whether the reader refuses fields that it does not know, as a service does; callers ignore them.
    :param seen: pairs that are being compared already, by identity: a schema may contain itself.
    """
    pair = (id(reader.body), id(writer.body))
    if pair in seen:
        return
    seen |= {pair}
    if len(reader.alternatives()) > 1 or len(writer.alternatives()) > 1:
        for written in writer.alternatives():
            if not any(
                not list(mismatches(where, reader=read, writer=written, strict=strict, seen=seen))
                for read in reader.alternatives()
            ):
                yield f"{where}: there is an alternative that the other side does not know"
        return
    yield from _values(where, reader, writer)
    yield from _fields(where, reader, writer, strict=strict, seen=seen)
    for key in ("items", "additionalProperties"):
        if isinstance(reader.get(key), Mapping) and isinstance(writer.get(key), Mapping):
            yield from mismatches(
                f"{where}[]",
                reader=reader.part(reader.get(key)),
                writer=writer.part(writer.get(key)),
                strict=strict,
                seen=seen,
            )


def _values(where: str, reader: Schema, writer: Schema) -> Iterator[str]:
    """Types, enumerations and limits of one value."""
    read, written = reader.types(), writer.types()
    if read is not None and (written is None or not written <= read):
        yield f"{where}: may be {_listed(written)}, where only {_listed(read)} is understood"
    known, used = reader.get("enum"), writer.get("enum")
    if known is not None and (used is None or not set(used) <= set(known)):
        more = "anything" if used is None else ", ".join(str(value) for value in used if value not in known)
        yield f"{where}: may be {more}, which is not among the known values"
    for bounds, is_within in ((LOWER_BOUNDS, operator.ge), (UPPER_BOUNDS, operator.le)):
        for bound in bounds:
            limit, value = reader.get(bound), writer.get(bound)
            if limit is not None and (value is None or not is_within(float(value), float(limit))):
                yield f"{where}: {bound} {limit} is not kept"
    for key in EXACT:
        limit = reader.get(key)
        if limit is not None and limit not in DESCRIPTIVE and limit != writer.get(key):
            yield f"{where}: {key} {limit} is not kept"


def _fields(
    where: str, reader: Schema, writer: Schema, *, strict: bool, seen: frozenset[tuple[int, int]]
) -> Iterator[str]:
    """Fields of an object: there when they are needed, and understood when they are there."""
    read, written = reader.properties(), writer.properties()
    needed, sure = set(reader.get("required") or ()), set(writer.get("required") or ())
    for name in sorted(needed - sure):
        if name not in read or not read[name].get("deprecated"):
            yield f"{where}.{name} is needed and may be missing"
    for name in sorted(read.keys() - written.keys() - needed):
        if not strict and not read[name].get("deprecated"):
            yield f"{where}.{name} was removed"
    for name, schema in sorted(written.items()):
        if name in read:
            yield from mismatches(f"{where}.{name}", reader=read[name], writer=schema, strict=strict, seen=seen)
        elif strict and not schema.get("deprecated"):
            yield f"{where}.{name} is refused now"


def _listed(types: set[str] | None) -> str:
    return "anything" if types is None else " or ".join(sorted(types))
