"""The published contracts of both services: openapi.yaml of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from stack.places import service_folder
from stack.registry import SERVICES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One method of one path of one service."""

    service: str
    method: str
    path: str

    @property
    def is_internal(self) -> bool:
        return self.path.startswith("/internal/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def contract(service: str) -> Mapping[str, Any]:
    """Read the contract of a service, once: reading takes half a second."""
    loaded: Mapping[str, Any] = yaml.safe_load((service_folder(service) / "openapi.yaml").read_text())
    return loaded


def routes() -> Iterator[Route]:
    """Yield the routes of both contracts."""
    for service in SERVICES:
        for path, operations in contract(service)["paths"].items():
            for method in METHODS:
                if method.lower() in operations:
                    yield Route(service, method, path)
