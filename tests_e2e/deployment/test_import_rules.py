"""The import rules of each project leave no package out."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from stack.places import REPOSITORY
from stack.registry import SERVICES

PROJECTS = ["local", "proof", "tests_e2e", *SERVICES]


def rules(project: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((project / "pyproject.toml").read_text())["tool"]["importlinter"]
    return loaded


@pytest.mark.parametrize("name", PROJECTS)
def test_one_contract_orders_all_packages_of_a_project(name: str) -> None:
    project = REPOSITORY / name
    packages = {path.parent.name for path in project.glob("*/__init__.py")}
    if name in SERVICES:  # its tests are no part of what runs, and the kit is
        packages = packages - {"tests"} | {"service_kit"}

    first = rules(project)["contracts"][0]

    assert set(rules(project)["root_packages"]) == packages
    assert first["type"] == "layers"
    assert {package for layer in first["layers"] for package in layer.split(" | ")} == packages
