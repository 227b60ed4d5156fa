"""The checker finds transitions without an event, and events that are applied twice or in another order."""

from chaos.seen import EventApplied
from tests.forged import Forged, applied, ok, row, shown


def canceled_order(*events: EventApplied) -> Forged:
    """An order that was placed, changed and canceled, and what the follower applied of it."""
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.change(1.5, 3)
    run.move(2.0, "cancel", "canceled", quantity=3)
    run.phase(30.0, 32.0, "quiet")
    canceled = row(
        1,
        at=1.01,
        quantity=3,
        placed_quantity=2,
        status="canceled",
        revision=3,
        synced_revision=3,
        target_quantity=None,
    )
    run.orders(30.5, canceled)
    run.products(31.0, {1: 0})
    run.events(31.5, *events)
    return run


PLACED = applied("placed", quantity=2)
CHANGED = applied("quantity-changed", quantity=3)
CANCELED = applied("canceled", status="canceled", quantity=3)


def test_an_event_for_each_transition_is_right() -> None:
    assert canceled_order(PLACED, CHANGED, CANCELED).violations() == []


def test_a_cancel_without_an_event_is_found() -> None:
    (found,) = canceled_order(PLACED, CHANGED).violations()

    assert found.invariant == "event-missing"
    assert found.message == "order 1 is canceled (3), and its last event is quantity-changed (3)"


def test_an_order_without_any_event_is_found() -> None:
    assert canceled_order().broken() == {"event-missing"}


def test_an_acknowledged_change_without_an_event_is_found() -> None:
    (found,) = canceled_order(PLACED, CANCELED).violations()

    assert found.invariant == "event-missing"
    assert found.message == "order 1 has no event for an acknowledged change"


def test_an_event_that_is_applied_twice_is_found() -> None:
    assert canceled_order(PLACED, CHANGED, CHANGED, CANCELED).broken() == {"event-applied-twice"}


def test_an_order_that_is_canceled_twice_is_found() -> None:
    again = applied("canceled", status="canceled", quantity=3, position="another")

    assert canceled_order(PLACED, CHANGED, CANCELED, again).broken() == {"event-applied-twice"}


def test_events_in_another_order_are_found() -> None:
    assert canceled_order(CHANGED, PLACED, CANCELED).broken() == {"event-out-of-order"}
    assert "event-out-of-order" in canceled_order(PLACED, CANCELED, CHANGED).broken()


def test_an_event_that_the_follower_went_past_is_found_at_any_time() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.move(2.0, "cancel", "canceled")
    run.place(3.0, ok(shown(2)), key="k2")
    run.events(4.0, PLACED, applied("placed", quantity=2, order_id=2))

    (found,) = run.violations()

    assert found.invariant == "event-missing"
    assert found.message == "order 1: the follower went past the event of an acknowledged cancel"


def test_events_of_requests_at_the_same_time_may_be_applied_in_any_order() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.place(1.5, None, key="k2", takes=0.2)
    run.move(2.0, "cancel", "canceled")
    run.place(3.0, ok(shown(2), replayed=True), key="k2")
    run.events(4.0, PLACED, applied("placed", quantity=2, order_id=2))

    assert run.violations() == []


def test_a_run_that_was_broken_off_may_lack_events() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.events(1.2)

    assert run.violations() == []
