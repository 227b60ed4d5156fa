"""Events are completed for what an earlier version did."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from orders.events import OrderEvent
from orders.models import Order
from orders.states import Status
from tests.factories import LONG_AGO, live_order, place, placing_order

pytestmark = pytest.mark.django_db(transaction=True)


def record() -> str:
    output = StringIO()
    call_command("record_missing_events", stdout=output)
    return output.getvalue()


def events(order: Order) -> list[tuple[str, int, str]]:
    return list(order.events.order_by("pk").values_list("kind", "quantity", "cause"))


def test_orders_without_events_get_what_their_rows_say(lamp: int) -> None:
    pending = live_order(created_at=LONG_AGO)
    changed = live_order(created_at=LONG_AGO, quantity=3, placed_quantity=2)
    shipped = live_order(created_at=LONG_AGO + timedelta(days=1), status=Status.SHIPPED)
    placing = placing_order(lamp)

    assert record() == "Recorded 5 events.\n"

    assert events(pending) == [("placed", 2, "user")]
    assert events(changed) == [("placed", 2, "user"), ("quantity-changed", 3, "system")]
    assert events(shipped) == [("placed", 2, "user"), ("shipped", 2, "system")]
    assert events(placing) == []
    assert pending.events.get().at == LONG_AGO
    assert record() == "Recorded 0 events.\n"


def test_a_change_without_an_event_is_completed_and_others_are_left_alone(lamp: int) -> None:
    changed, complete = place(lamp), place(lamp)
    Order.objects.filter(pk=changed.pk).update(status=Status.CANCELED)

    assert record() == "Recorded 1 events.\n"

    assert events(changed) == [("placed", 2, "user"), ("canceled", 2, "system")]
    assert events(complete) == [("placed", 2, "user")]


def test_events_that_were_deleted_as_old_are_not_missing(lamp: int, settings: Settings) -> None:
    settings.EVENT_RETENTION_HOURS = 72
    old, recent = place(lamp), place(lamp)
    OrderEvent.objects.all().delete()
    Order.objects.filter(pk=old.pk).update(updated_at=LONG_AGO)

    assert record() == "Recorded 1 events.\n"
    assert (events(old), events(recent)) == ([], [("placed", 2, "user")])


def test_a_restored_feed_is_renewed_by_a_command(lamp: int) -> None:
    place(lamp)
    output = StringIO()

    call_command("renew_order_feed", stdout=output)

    assert output.getvalue().startswith("This is feed ")
    assert OrderEvent.objects.get().transaction == 0
