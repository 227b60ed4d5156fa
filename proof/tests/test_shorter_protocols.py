"""The protocol breaks as soon as any part of it is left out."""

from dataclasses import fields, replace

import pytest

from model import PROTOCOL, RESOLVABLE, Scenario, Simplified, explore, scenarios
from model.invariants import (
    ALL,
    Invariant,
    a_final_answer_stays_and_is_repeated,
    a_live_order_is_covered,
    a_parcel_holds_what_the_order_says,
    a_revision_has_one_meaning,
    an_acknowledged_order_exists,
    an_answered_increase_is_kept,
    an_attempt_answered_503_never_becomes_an_order,
    no_unit_is_held_at_an_old_price,
    one_key_has_one_order,
    rest_is_agreement,
    rest_is_not_disturbed_by_late_calls,
    stock_is_conserved,
    stock_is_never_oversold,
    synced_means_agreed,
)
from tests.explorations import report

# What is left out, the scenario in which it is missed, and what then breaks.
BREAKS = (
    (Simplified(no_tombstone=True), scenarios.PLACE_REPEAT_AND_CANCEL, synced_means_agreed),
    (Simplified(no_revision=True), scenarios.CHANGE_AT_ONCE, a_live_order_is_covered),
    (Simplified(no_revision=True), scenarios.PLACE_AND_REPEAT, rest_is_agreement),
    (Simplified(unknown_is_refused=True), scenarios.PLACE_AND_REPEAT, synced_means_agreed),
    (Simplified(unknown_is_refused=True), scenarios.CHANGE_AT_ONCE, synced_means_agreed),
    (Simplified(refusal_not_remembered=True), scenarios.PLACE_AND_REPEAT, synced_means_agreed),
    (Simplified(refusal_not_remembered=True), scenarios.DECREASE_AND_SHIP, rest_is_agreement),
    (Simplified(unconditional_confirm=True), scenarios.PLACE_REPEAT_AND_CANCEL, an_acknowledged_order_exists),
    (
        Simplified(unconditional_confirm=True),
        scenarios.PLACE_AND_REPEAT,
        an_attempt_answered_503_never_becomes_an_order,
    ),
    (Simplified(unconditional_confirm=True), scenarios.PLACE_AND_REPEAT, a_live_order_is_covered),
    (Simplified(release_before_recording_the_cancel=True), scenarios.CHANGE_AT_ONCE, a_live_order_is_covered),
    (Simplified(expiring_reservations=True), scenarios.PLACE_REPEAT_AND_CANCEL, a_live_order_is_covered),
    (Simplified(no_idempotency_key=True), scenarios.PLACE_INCREASE_AND_CANCEL, one_key_has_one_order),
    (Simplified(no_idempotency_key=True), scenarios.PLACE_REPEAT_AND_CANCEL, a_final_answer_stays_and_is_repeated),
    (Simplified(promise_an_increase_first=True), scenarios.CHANGE_AT_ONCE, a_live_order_is_covered),
    (Simplified(promise_an_increase_first=True), scenarios.CHANGE_AT_ONCE, an_answered_increase_is_kept),
    (Simplified(ask_a_decrease_first=True), scenarios.DECREASE_AND_SHIP, a_live_order_is_covered),
    (Simplified(ship_during_a_resize=True), scenarios.CHANGE_AT_ONCE, a_parcel_holds_what_the_order_says),
    (Simplified(refused_push_is_synced=True), scenarios.DECREASE_AND_SHIP, synced_means_agreed),
    (Simplified(select_then_update_of_stock=True), scenarios.ONE_UNIT, stock_is_never_oversold),
    (Simplified(select_then_update_of_stock=True), scenarios.PLACE_AND_REPEAT, stock_is_conserved),
    (Simplified(save_of_a_stale_product_row=True), scenarios.CATALOGUE_WORK, stock_is_conserved),
    (Simplified(more_units_at_an_old_price=True), scenarios.PRICE_EDITED, no_unit_is_held_at_an_old_price),
    (Simplified(deletion_while_calls_are_late=True), scenarios.DELETED, synced_means_agreed),
    (Simplified(deletion_while_calls_are_late=True), scenarios.DELETED, rest_is_agreement),
    (
        Simplified(an_increase_asks_under_a_borrowed_revision=True),
        scenarios.CHANGE_AT_ONCE,
        a_revision_has_one_meaning,
    ),
    (
        Simplified(an_audit_compares_quantities_only=True),
        scenarios.PRODUCTS_RESTORED,
        rest_is_not_disturbed_by_late_calls,
    ),
)
NEVER_ENDS = (
    (Simplified(refused_push_is_synced=True), scenarios.ORDERS_RESTORED_DURING_CHANGES),
    (Simplified(a_conflict_is_no_sign_of_a_restore=True), scenarios.ORDERS_RESTORED_DURING_CHANGES),
)


def left_out(simplified: Simplified) -> str:
    """Name what is left out, as the field is called."""
    (name,) = (field.name for field in fields(simplified) if getattr(simplified, field.name))
    return name


@pytest.mark.parametrize(
    ("simplified", "scenario", "invariant"),
    [pytest.param(*case, id=f"{left_out(case[0])}-{case[2].__name__}") for case in BREAKS],
)
def test_a_shorter_protocol_is_caught(
    simplified: Simplified, scenario: Scenario, invariant: Invariant, request: pytest.FixtureRequest
) -> None:
    exploration = explore(replace(scenario, simplified=simplified), invariants=(invariant,))

    report(scenario, exploration, request)
    assert exploration.violation is not None
    assert exploration.violation.invariant == invariant.__name__
    assert len(exploration.violation.trace) <= 12


@pytest.mark.parametrize(("simplified", "scenario"), [pytest.param(*case, id=left_out(case[0])) for case in NEVER_ENDS])
def test_a_shorter_repair_leaves_an_order_open_for_ever(
    simplified: Simplified, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    exploration = explore(replace(scenario, simplified=simplified), invariants=())

    report(scenario, exploration, request)
    assert exploration.violation is not None
    assert exploration.violation.invariant == RESOLVABLE
    assert len(exploration.violation.trace) <= 12


def test_each_part_that_can_be_left_out_is_left_out_once() -> None:
    tried = {left_out(case[0]) for case in (*BREAKS, *NEVER_ENDS)}

    assert tried == {field.name for field in fields(PROTOCOL)}


def test_each_invariant_is_seen_broken_once() -> None:
    broken = {invariant for _, _, invariant in BREAKS}

    assert broken == set(ALL)


def test_a_counterexample_is_a_list_of_steps() -> None:
    scenario = replace(scenarios.CATALOGUE_WORK, simplified=Simplified(save_of_a_stale_product_row=True))

    violation = explore(scenario).violation

    assert str(violation).splitlines() == [
        "stock_is_conserved is broken by 3 steps:",
        "Editing reads the product",
        "Adjusting adjusts stock by 1",
        "Editing saves the product",
    ]
