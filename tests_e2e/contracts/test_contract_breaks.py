"""Which changes of a contract break callers of the released one, and which do not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from releases.contract import breaks

Document = dict[str, Any]
Change = Callable[[Document], object]

RELEASED = """
paths:
  /things/:
    get:
      parameters:
        - {in: query, name: name, schema: {type: string, maxLength: 100}}
        - {in: query, name: ordering, schema: {type: string, enum: [name, price]}}
        - {in: query, name: old, deprecated: true, schema: {type: string}}
      security: [{}, {token: []}]
      responses:
        '200':
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
    post:
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/ThingRequest'}}}
      security: [{token: [things:write]}]
      responses:
        '201':
          headers: {Location: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '409': {content: {application/problem+json: {schema: {type: object}}}}
  /ancient/:
    get: {deprecated: true, responses: {'200': {description: ''}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, state]
      properties:
        id: {type: integer}
        state: {type: string, enum: [new, sold]}
        price: {type: string, format: decimal}
        colour: {type: string, deprecated: true}
        parent: {$ref: '#/components/schemas/Thing'}
    ThingRequest:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 100}
        price: {oneOf: [{type: string}, {type: number, minimum: 0}]}
        amount: {type: integer, maximum: 1000, minimum: 0}
        tag: {type: [string, 'null']}
"""


def get(document: Document) -> Document:
    operation: Document = document["paths"]["/things/"]["get"]
    return operation


def post(document: Document) -> Document:
    operation: Document = document["paths"]["/things/"]["post"]
    return operation


def asked(document: Document) -> Document:
    schema: Document = document["components"]["schemas"]["ThingRequest"]
    return schema


def answered(document: Document) -> Document:
    schema: Document = document["components"]["schemas"]["Thing"]
    return schema


BREAKING: dict[str, tuple[Change, str]] = {
    "a path": (lambda d: d["paths"].pop("/things/"), "GET /things/ was removed"),
    "a method": (lambda d: d["paths"]["/things/"].pop("post"), "POST /things/ was removed"),
    "a parameter": (lambda d: get(d)["parameters"].pop(0), "parameter name was removed"),
    "a parameter that is needed now": (
        lambda d: get(d)["parameters"].append({"in": "query", "name": "x", "required": True, "schema": {}}),
        "parameter x is required now",
    ),
    "a parameter made necessary": (lambda d: get(d)["parameters"][0].update(required=True), "name is required now"),
    "a value of a parameter": (lambda d: get(d)["parameters"][1]["schema"]["enum"].pop(), "may be price"),
    "the length of a parameter": (
        lambda d: get(d)["parameters"][0]["schema"].update(maxLength=50),
        "maxLength 50 is not kept",
    ),
    "open access": (lambda d: get(d)["security"].pop(0), "asks for more than nothing"),
    "a scope that is needed now": (
        lambda d: post(d).update(security=[{"token": ["things:write", "more"]}]),
        "asks for more than ['things:write']",
    ),
    "a body that is needed now": (lambda d: post(d)["requestBody"].update(required=True), "body is required now"),
    "a kind of body": (lambda d: post(d)["requestBody"]["content"].clear(), "application/json is not read any more"),
    "a field that is needed now": (lambda d: asked(d)["required"].append("amount"), ".amount is needed"),
    "a field that is refused now": (lambda d: asked(d)["properties"].pop("tag"), ".tag is refused now"),
    "a type of a request": (lambda d: asked(d)["properties"]["tag"].update(type="string"), "may be null or string"),
    "an upper bound of a request": (lambda d: asked(d)["properties"]["amount"].update(maximum=10), "maximum 10"),
    "a lower bound of a request": (lambda d: asked(d)["properties"]["amount"].update(minimum=1), "minimum 1"),
    "a pattern in a request": (lambda d: asked(d)["properties"]["name"].update(pattern="^a"), "pattern ^a"),
    "an alternative of a request": (
        lambda d: asked(d)["properties"]["price"]["oneOf"].pop(),
        "there is an alternative",
    ),
    "a status": (lambda d: post(d)["responses"].pop("409"), "409 was removed"),
    "another success": (lambda d: post(d)["responses"].update({"202": {}}), "success may be 202 now"),
    "a header": (lambda d: post(d)["responses"]["201"].pop("headers"), "header Location was removed"),
    "a kind of answer": (
        lambda d: post(d)["responses"]["201"]["content"].clear(),
        "application/json is not answered any more",
    ),
    "a field of an answer": (lambda d: answered(d)["properties"].pop("price"), ".price was removed"),
    "a field that may be missing": (lambda d: answered(d)["required"].remove("id"), ".id is needed and may be missing"),
    "a type of an answer": (
        lambda d: answered(d)["properties"]["id"].update(type=["integer", "null"]),
        "may be integer or null",
    ),
    "a value of an answer": (
        lambda d: answered(d)["properties"]["state"]["enum"].append("lost"),
        "may be lost, which is not among the known values",
    ),
    "a format of an answer": (
        lambda d: answered(d)["properties"]["price"].update(format="uri"),
        "format decimal is not kept",
    ),
}
COMPATIBLE: dict[str, Change] = {
    "nothing": dict,
    "a new path": lambda d: d["paths"].update({"/others/": d["paths"]["/things/"]}),
    "a new method": lambda d: d["paths"]["/things/"].update({"put": post(d)}),
    "an optional parameter": lambda d: get(d)["parameters"].append({"in": "query", "name": "x", "schema": {}}),
    "another value of a parameter": lambda d: get(d)["parameters"][1]["schema"]["enum"].append("age"),
    "wider bounds of a request": lambda d: asked(d)["properties"]["amount"].update(minimum=-5, maximum=2000),
    "no bounds of a request": lambda d: asked(d)["properties"]["amount"].pop("maximum"),
    "an optional field of a request": lambda d: asked(d)["properties"].update(size={"type": "integer"}),
    "a field that may be left out": lambda d: asked(d).update(required=[]),
    "another type of a request": lambda d: asked(d)["properties"]["name"].update(type=["string", "null"]),
    "a new field of an answer": lambda d: answered(d)["properties"].update(size={"type": "integer"}),
    "a field that is always there now": lambda d: answered(d)["required"].append("price"),
    "fewer values of an answer": lambda d: answered(d)["properties"]["state"]["enum"].pop(),
    "another refusal": lambda d: post(d)["responses"].update({"429": {}}),
    "an end of what was deprecated": lambda d: d["paths"].pop("/ancient/"),
    "an end of a deprecated parameter": lambda d: get(d)["parameters"].pop(2),
    "an end of a deprecated field": lambda d: answered(d)["properties"].pop("colour"),
    "fewer scopes": lambda d: post(d).update(security=[{"token": []}]),
    "other words": lambda d: get(d).update(description="Better."),
    "the same schema in place of its name": lambda d: post(d)["responses"]["201"]["content"]["application/json"].update(
        schema=answered(d)
    ),
}


@pytest.mark.parametrize(("change", "sentence"), BREAKING.values(), ids=BREAKING.keys())
def test_a_change_that_breaks_callers_is_found(change: Change, sentence: str) -> None:
    released = yaml.safe_load(RELEASED)
    new = deepcopy(released)
    change(new)

    found = breaks(released, new)

    assert any(sentence in line for line in found), found


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE.keys())
def test_a_change_that_breaks_no_caller_is_allowed(change: Change) -> None:
    released = yaml.safe_load(RELEASED)
    new = deepcopy(released)
    change(new)

    assert breaks(released, new) == []
