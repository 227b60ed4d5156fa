"""The alert rules and the dashboard, and the expressions in them."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

from stack.places import REPOSITORY

FOLDER = REPOSITORY / "observability"
RULES = FOLDER / "alerts.yml"
RULE_TESTS = FOLDER / "alerts.test.yml"


def rules() -> list[dict[str, Any]]:
    """Every alert rule."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text())
    return loaded


def panels() -> list[dict[str, Any]]:
    """The dashboard's panels, titles of rows left out."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression of both, with the name of the alert or the panel that it belongs to."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
