"""Which files a worker counts in: no two living ones in the same, and never more of them than workers at a time."""

import pytest

from service_kit.telemetry.exporter import free_slot


@pytest.mark.parametrize(
    ("taken", "free"),
    [([], 1), ([1], 2), ([2], 1), ([1, 2], 3), ([3, 1], 2)],
    ids=["first", "2nd", "1st died", "3rd", "2nd died"],
)
def test_a_worker_takes_the_first_slot_that_no_living_one_has(taken: list[int], free: int) -> None:
    assert free_slot(taken) == free
