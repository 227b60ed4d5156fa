"""Whether validators of different make decide about a body as the service does: bodies are made from the contract."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from rest_framework.exceptions import ParseError, ValidationError

import service_kit
from service_kit.rest.parsers import StrictJSONParser
from service_kit.testing.contract_checks import CONTRACT, OPERATIONS
from service_kit.testing.json_values import OTHERS, VALUES

Parse = Callable[[Any], object]
Validator = Callable[[dict[str, Any], Sequence[str]], list[bool]]  # of a schema and texts in JSON
SEED = 20260131
MEDIA = "application/json"
NODE_PACKAGES = Path(service_kit.__file__).parents[1] / "node_modules"


def by_jsonschema(schema: dict[str, Any], texts: Sequence[str]) -> list[bool]:
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [validator.is_valid(json.loads(text)) for text in texts]


def by_jsonschema_rs(schema: dict[str, Any], texts: Sequence[str]) -> list[bool]:
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [validator.is_valid(json.loads(text)) for text in texts]


def by_ajv(schema: dict[str, Any], texts: Sequence[str]) -> list[bool]:
    """Run it in node, without which the test is skipped, or fails where CI=true."""
    node, program = shutil.which("node"), Path(__file__).with_name("ajv.mjs")
    if node is None or not NODE_PACKAGES.is_dir():
        lacking = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lacking("node or Ajv was not found (apt-get install nodejs npm; make setup)")
    sent = json.dumps({"schema": schema, "texts": texts})
    done = subprocess.run([node, program], input=sent, capture_output=True, text=True, check=True)
    valid: list[bool] = json.loads(done.stdout)
    return valid


VALIDATORS: Mapping[str, Validator] = {"jsonschema": by_jsonschema, "jsonschema-rs": by_jsonschema_rs, "ajv": by_ajv}
each_validator = pytest.mark.parametrize("validator", VALIDATORS.values(), ids=VALIDATORS)


def disagreements(operation: str, parse: Parse, validator: Validator, *, bodies: int = 1500) -> list[str]:
    """
    Make bodies of an operation, and return those about which a validator and the service disagree.

    :param operation: its id in the contract.
    :param parse: what the service does with a parsed body; it raises ValidationError to refuse it.
    """
    described = _resolved(OPERATIONS[operation]["requestBody"]["content"][MEDIA]["schema"])
    texts = list(make_bodies(operation, number=bodies))
    verdicts = validator({**described, "components": CONTRACT["components"]}, texts)
    return [
        f"{text}: valid by the contract: {is_valid}"
        for text, is_valid in zip(texts, verdicts, strict=True)
        if is_valid != is_taken(text, parse)
    ]


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
