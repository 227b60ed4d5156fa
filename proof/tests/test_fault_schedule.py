"""The faults of a run: the same for the same seed, several at once, and of every kind."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import get_args

import pytest

from chaos.history import FaultKind
from chaos.planned import Planned
from chaos.schedule import DATABASES, HTTP_LINKS, LONGER_THAN_KEPT, RECONCILERS, SERVICES, Schedule
from stack.stack import Database

OF_PROCESSES = {"sigkill", "sigterm", "sigstop", "database-kill", "power-cut", "clock-shift"}


def storms(seed: int, number: int = 300, *, database: Database = "postgresql") -> list[Sequence[Planned]]:
    return list(islice(Schedule(seed, database=database).storms(), number))


def test_the_same_seed_draws_the_same_storms() -> None:
    assert storms(7) == storms(7)


def test_another_seed_draws_others() -> None:
    assert storms(7) != storms(8)


@pytest.mark.parametrize("seed", range(20))
def test_no_two_faults_of_a_storm_strike_the_same_part(seed: int) -> None:
    parts = {*SERVICES, *DATABASES, *RECONCILERS, "gateway"}
    for storm in storms(seed):
        hit = [fault.where for fault in storm if fault.where in parts and fault.kind != "lock"]

        assert len(hit) == len(set(hit))


@pytest.mark.parametrize("seed", range(20))
def test_a_short_run_has_every_kind(seed: int) -> None:
    kinds = {fault.kind for storm in storms(seed, 10) for fault in storm}

    assert kinds == set(get_args(FaultKind))


def test_a_thousand_faults_have_as_many_of_each_kind_as_a_proof_needs() -> None:
    drawn = [fault for storm in storms(1, 400) for fault in storm][:1000]

    counted = Counter(fault.kind for fault in drawn)
    assert counted["sigkill"] >= 150
    assert counted["cut-reply"] >= 100
    assert counted["replay"] >= 100
    assert counted["database-kill"] >= 30


def test_most_storms_are_several_faults_at_once() -> None:
    sizes = Counter(len(storm) for storm in storms(1))

    assert sizes[1] < 30  # power cuts
    assert max(sizes) == 9


def test_kinds_that_a_machine_cannot_inject_are_left_out() -> None:
    schedule = Schedule(1, database="postgresql", without={"clock-shift"})

    drawn = {fault.kind for storm in islice(schedule.storms(), 200) for fault in storm}

    assert drawn == set(get_args(FaultKind)) - {"clock-shift"}


def test_only_a_reconciler_is_wrong_by_longer_than_keys_are_kept() -> None:
    drawn = [fault for storm in storms(1, 1_000) for fault in storm if fault.kind == "clock-shift"]

    assert {fault.where for fault in drawn if fault.late == LONGER_THAN_KEPT} == set(RECONCILERS)
    assert {fault.where for fault in drawn} == {*RECONCILERS, *SERVICES}


def test_mild_storms_leave_every_process_alone() -> None:
    drawn = [fault for storm in islice(Schedule(1, database="postgresql").mild_storms(), 100) for fault in storm]

    assert {fault.kind for fault in drawn} == set(get_args(FaultKind)) - OF_PROCESSES


def test_on_sqlite_there_is_no_server_and_no_link_to_one() -> None:
    drawn = [fault for storm in storms(1, database="sqlite") for fault in storm]

    assert {fault.where for fault in drawn if ">" in fault.where} <= set(HTTP_LINKS)
    assert {fault.kind for fault in drawn if fault.where in DATABASES} == {"lock"}
    assert "clock-shift" not in {fault.kind for fault in drawn}
