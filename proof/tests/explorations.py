"""What an exploration of the protocol adds to the report of a test run."""

import sys

import pytest

from model import Exploration, Scenario


def report(scenario: Scenario, exploration: Exploration, request: pytest.FixtureRequest) -> None:
    """
    Put what was explored into the report, and into the output that `pytest -rP` shows.

    The `record_property` fixture would do the first, but it warns under the default report format.
    """
    measured = (("states", exploration.states), ("seconds", round(exploration.seconds, 2)))
    request.node.user_properties.extend(measured)
    sys.stdout.write(
        f"{scenario.name}: {exploration.states} states, {exploration.at_rest} of them at rest, "
        f"in {exploration.seconds:.1f} s; {exploration.violation or 'no violation'}\n"
    )
