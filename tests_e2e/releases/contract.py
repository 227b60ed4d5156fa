"""What a new contract (OpenAPI 3.1) would break for those who rely on the one that was released."""

from collections.abc import Iterator, Mapping
from typing import Any

from releases.schemas import Schemas, mismatches

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Document = Mapping[str, Any]
Operation = Mapping[str, Any]


def breaks(old: Document, new: Document, *, readable: Document | None = None) -> list[str]:
    """
    Return what callers of the old contract would notice, one sentence each; nothing if they need not know.

    Callers ignore fields that they do not know; the service refuses them. What the old contract calls deprecated was
    announced: it may go.

    :param readable: the old contract with what callers can read in answers by now; without it they read what is in it.
    """
    return list(_compare(old, new, readable or old))


def _compare(old: Document, new: Document, readable: Document) -> Iterator[str]:
    before, after, read = _operations(old), _operations(new), _operations(readable)
    was, now = Schemas(old), Schemas(new)
    for name, operation in before.items():
        if name in after:
            yield from _requests(name, operation, after[name], was, now)
            yield from _responses(name, read[name]["responses"], after[name]["responses"], Schemas(readable), now)
        elif not operation.get("deprecated"):
            yield f"{name} was removed"


def _operations(document: Document) -> dict[str, Operation]:
    """Every operation by method and path, with the parameters that its path declares for all of them."""
    return {
        f"{method.upper()} {path}": {
            **item[method],
            "parameters": [*item.get("parameters", []), *item[method].get("parameters", [])],
        }
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _requests(name: str, old: Operation, new: Operation, was: Schemas, now: Schemas) -> Iterator[str]:
    yield from _security(name, old, new)
    yield from _parameters(name, old, new, was, now)
    yield from _request_body(name, old.get("requestBody"), new.get("requestBody"), was, now)


def _security(name: str, old: Operation, new: Operation) -> Iterator[str]:
    """Each way to authenticate still works, with no more scopes than before."""
    ways = new.get("security") or [{}]
    for way in old.get("security") or [{}]:
        if not any(set(scheme) <= set(way) and _scopes(scheme) <= _scopes(way) for scheme in ways):
            yield f"{name} asks for more than {sorted(_scopes(way)) or 'nothing'} to let a caller in"


def _scopes(way: Mapping[str, list[str]]) -> set[str]:
    return {scope for scopes in way.values() for scope in scopes}


def _parameters(name: str, old: Operation, new: Operation, was: Schemas, now: Schemas) -> Iterator[str]:
    before, after = ({(each["in"], each["name"]): each for each in side["parameters"]} for side in (old, new))
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{name}: parameter {key[1]} is required now"
    for key, parameter in before.items():
        where = f"{name}: parameter {key[1]}"
        if key in after:
            yield from mismatches(
                where, reader=now.of(after[key]["schema"]), writer=was.of(parameter["schema"]), strict=True
            )
        elif not parameter.get("deprecated"):
            yield f"{where} was removed"


def _request_body(
    name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, was: Schemas, now: Schemas
) -> Iterator[str]:
    where = f"{name}: request body"
    if new and new.get("required") and not (old and old.get("required")):
        yield f"{where} is required now"
    if old is None:
        return
    offered = new["content"] if new else {}
    for kind, media in old["content"].items():
        if kind not in offered:
            yield f"{where}: {kind} is not read any more"
            continue
        yield from mismatches(
            where, reader=now.of(offered[kind]["schema"]), writer=was.of(media["schema"]), strict=True
        )


def _responses(name: str, old: Mapping[str, Any], new: Mapping[str, Any], was: Schemas, now: Schemas) -> Iterator[str]:
    for status in new:
        if status.startswith("2") and status not in old:
            yield f"{name}: success may be {status} now"
    for status, response in old.items():
        where = f"{name}: {status}"
        if status not in new:
            yield f"{where} was removed"
            continue
        for header in response.get("headers", {}):
            if header not in new[status].get("headers", {}):
                yield f"{where}: header {header} was removed"
        yield from _answers(where, response.get("content", {}), new[status].get("content", {}), was, now)


def _answers(where: str, old: Mapping[str, Any], new: Mapping[str, Any], was: Schemas, now: Schemas) -> Iterator[str]:
    for kind, media in old.items():
        if kind not in new:
            yield f"{where}: {kind} is not answered any more"
            continue
        yield from mismatches(where, reader=was.of(media["schema"]), writer=now.of(new[kind]["schema"]), strict=False)
