"""The protocol, explored state by state: nothing breaks it."""

import pytest

from model import Scenario, TooManyStatesError, explore, scenarios
from tests.explorations import report

# How many states each scenario has at the very least: a model that lost its moves would pass with a handful.
EXPLORED = (
    (scenarios.PLACE_AND_REPEAT, 15_000),
    (scenarios.PLACE_REPEAT_AND_CANCEL, 8_000),
    (scenarios.ONE_UNIT, 20_000),
    (scenarios.GROUP_COMMIT, 60_000),
    (scenarios.PLACE_INCREASE_AND_CANCEL, 20_000),
    (scenarios.CHANGE_AT_ONCE, 70_000),
    (scenarios.DECREASE_AND_SHIP, 20_000),
    (scenarios.CATALOGUE_WORK, 2_000),
    (scenarios.PRICE_EDITED, 20_000),
    (scenarios.DELETED, 12_000),
    (scenarios.ORDERS_RESTORED, 80_000),
    (scenarios.ORDERS_RESTORED_DURING_CHANGES, 7_000),
    (scenarios.PRODUCTS_RESTORED, 8_000),
)


@pytest.mark.parametrize(("scenario", "at_least"), EXPLORED, ids=[scenario.name for scenario, _ in EXPLORED])
def test_no_loss_repetition_delay_or_death_breaks_the_protocol(
    scenario: Scenario, at_least: int, request: pytest.FixtureRequest
) -> None:
    exploration = explore(scenario)

    report(scenario, exploration, request)
    assert exploration.violation is None, str(exploration.violation)
    assert exploration.states >= at_least
    assert exploration.at_rest > 1


def test_each_scenario_is_explored() -> None:
    explored = [scenario for scenario, _ in EXPLORED]

    assert explored == list(scenarios.SCENARIOS)


def test_a_scenario_larger_than_allowed_is_an_error_and_not_a_pass() -> None:
    with pytest.raises(TooManyStatesError):
        explore(scenarios.PLACE_AND_REPEAT, at_most=1_000)
