"""Whether validators of different make decide about a body as the service does: bodies are made from the contract."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from rest_framework.exceptions import ParseError, ValidationError

from service_kit.rest.parsers import StrictJSONParser
from service_kit.testing.contract_checks import CONTRACT, OPERATIONS
from service_kit.testing.json_values import OTHERS, VALUES

Parse = Callable[[Any], object]
SEED = 20260131
MEDIA = "application/json"


def disagreements(operation: str, parse: Parse, *, bodies: int = 1500) -> list[str]:
    """
    Make bodies of an operation, and return those about which a validator and the service disagree.

    :param operation: its id in the contract.
    :param parse: what the service does with a parsed body; it raises ValidationError to refuse it.
    """
    described = _resolved(OPERATIONS[operation]["requestBody"]["content"][MEDIA]["schema"])
    schema = {**described, "components": CONTRACT["components"]}
    validators = {
        "jsonschema": Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid,
        "jsonschema-rs": jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid,
    }
    found = []
    for text in make_bodies(operation, number=bodies):
        verdict = is_taken(text, parse)
        others = {name: is_valid(json.loads(text)) for name, is_valid in validators.items()}
        if set(others.values()) != {verdict}:
            found.append(f"{text}: the service says {verdict}, {others}")
    return found


def is_taken(text: str, parse: Parse) -> bool:
    """Whether the service takes a body."""
    try:
        parse(StrictJSONParser().parse(io.BytesIO(text.encode())))
    except (ParseError, ValidationError):
        return False
    return True


def make_bodies(operation: str, *, number: int) -> Iterator[str]:
    """Yield bodies that are mostly as the operation's example, but for a field or two; the same at each run."""
    body = OPERATIONS[operation]["requestBody"]["content"][MEDIA]
    schema = _resolved(body["schema"])
    examples = [example["value"] for example in body["examples"].values()]
    random = Random(SEED)
    yield from OTHERS
    for field in schema["properties"]:  # every value in every field once, and then at random
        for value in VALUES:
            yield _write({**_written(examples[0]), field: value})
    for _ in range(number):
        yield _one(schema, random.choice(examples), random)


def _one(schema: Mapping[str, Any], example: Mapping[str, Any], random: Random) -> str:
    fields = _written(example)
    for field, described in schema["properties"].items():
        chance = random.random()
        if chance < 0.1:
            fields.pop(field, None)
        elif chance < 0.3:
            fields[field] = _value(_resolved(described), example.get(field), random)
    if random.random() < 0.05:
        fields["colour"] = random.choice(VALUES)
    return _write(fields)


def _value(schema: Mapping[str, Any], example: Any, random: Random) -> str:
    items = _resolved(schema.get("items", {}))
    if "properties" not in items:
        return random.choice(VALUES)
    number = random.choice([0, 1, 1, 1])  # one at most: no schema says that two have different ids
    return "[" + ", ".join(_one(items, example[0] if example else {}, random) for _ in range(number)) + "]"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return CONTRACT["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _written(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in fields.items()}


def _write(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in fields.items()) + "}"
