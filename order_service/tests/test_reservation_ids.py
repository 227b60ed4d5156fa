"""The ids of reservations: UUIDs that lie in the order of their making."""

from datetime import UTC, datetime
from uuid import RFC_4122

import time_machine

from orders.ids import new_reservation_id

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = [new_reservation_id() for _ in range(100)]

    assert {(uuid.version, uuid.variant) for uuid in made} == {(7, RFC_4122)}


def test_no_two_ids_are_the_same_even_in_one_instant() -> None:
    with time_machine.travel(MOMENT, tick=False):
        made = {new_reservation_id() for _ in range(10_000)}

    assert len(made) == 10_000


def test_an_id_begins_with_its_time_so_that_a_later_one_is_greater() -> None:
    with time_machine.travel(MOMENT, tick=False):
        made = new_reservation_id()

    assert made.int >> 80 == int(MOMENT.timestamp() * 1000)
