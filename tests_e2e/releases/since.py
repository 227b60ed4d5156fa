"""A pytest plugin: leaves tests of newer behaviour out while an earlier release of a service is under test."""

import os
import tomllib

import pytest

from releases.files import version_numbers
from stack.places import service_folder


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "since(service, version): what it tests came with that version of the service")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what the release that STACK_<SERVICE> names could not do yet."""
    for item in items:
        for mark in item.iter_markers("since"):
            service, version = mark.args
            if is_older(service, version):
                item.add_marker(pytest.mark.skip(reason=f"{service} could not do this before {version}"))


def is_older(service: str, version: str) -> bool:
    """Return whether an earlier release of the service is under test. The working tree is never older."""
    if f"STACK_{service.upper()}" not in os.environ:
        return False
    project = tomllib.loads((service_folder(service) / "pyproject.toml").read_text())["project"]
    return version_numbers(project["version"]) < version_numbers(version)
