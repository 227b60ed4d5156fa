"""The published contract of product_service, and whether an exchange keeps to it."""

import re
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker

# The contract's home. This service is tested without the other one too, so it keeps a copy.
ORIGINAL = Path(__file__).parents[2] / "product_service" / "openapi.yaml"
COPY = Path(__file__).parent / "contracts" / "product_service.openapi.yaml"


class BreachOfContract(Exception):
    """An exchange that the contract does not describe."""


class ProductsContract:
    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        # Closed, so that a field which the fake made up is noticed too.
        self.schemas = {
            name: {"additionalProperties": False, **schema} if schema.get("type") == "object" else schema
            for name, schema in document["components"]["schemas"].items()
        }

    def check_request(self, request: httpx.Request) -> None:
        """
        Compare the request with the contract.

        :raises BreachOfContract: if the path, a parameter or the body is not in it.
        """
        operation = self._operation(request)
        known = {parameter["name"]: parameter["schema"] for parameter in operation.get("parameters", [])}
        for name, value in request.url.params.multi_items():
            if name not in known:
                raise BreachOfContract(f"parameter {name} is not known")
            self._check(known[name], int(value) if known[name]["type"] == "integer" else value)
        if request.content:
            self._check(_content(operation["requestBody"], request.headers), request.content)

    def check_response(self, request: httpx.Request, response: httpx.Response) -> None:
        """
        Compare an answer with the contract.

        :raises BreachOfContract: if its status, media type, body or kind of problem is not in it.
        """
        described = self._operation(request)["responses"].get(str(response.status_code))
        if described is None:
            raise BreachOfContract(f"{response.status_code} is not an answer to {request.method} {request.url.path}")
        self._check(_content(described, response.headers), response.content)
        if response.is_error and f"({response.json()['type']})" not in described["description"]:
            raise BreachOfContract(f"{response.json()['type']} is not a problem of {request.url.path}")

    def _operation(self, request: httpx.Request) -> dict[str, Any]:
        for template, operations in self.paths.items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), request.url.path):
                operation: dict[str, Any] | None = operations.get(request.method.lower())
                if operation is not None:
                    return operation
        raise BreachOfContract(f"{request.method} {request.url.path} does not exist")

    def _check(self, schema: dict[str, Any], value: Any) -> None:
        whole = {**schema, "components": {"schemas": self.schemas}}
        instance = httpx.Response(200, content=value).json() if isinstance(value, bytes) else value
        for error in Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(instance):
            raise BreachOfContract(f"{error.json_path}: {error.message}")


def read_contract() -> ProductsContract:
    """Return the original if it is there, otherwise the copy, which a test keeps equal."""
    path = ORIGINAL if ORIGINAL.exists() else COPY
    return ProductsContract(yaml.safe_load(path.read_text()))


def _content(described: dict[str, Any], headers: httpx.Headers) -> dict[str, Any]:
    media_type = headers.get("Content-Type", "none")
    if media_type not in described["content"]:
        raise BreachOfContract(f"{media_type} is not one of {sorted(described['content'])}")
    schema: dict[str, Any] = described["content"][media_type]["schema"]
    return schema
