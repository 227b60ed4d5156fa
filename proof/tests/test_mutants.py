"""Each mutant fits the present source, and its result is valid Python."""

import ast
import subprocess
from collections import Counter
from itertools import islice, pairwise

import pytest

from chaos.mutants.mutant import ORDERS, PRODUCTS, Edit, Mutant, MutantMovedError
from chaos.mutants.proving import MUTANTS, verdict_on
from chaos.mutants.shorter_waits import CONTROL
from chaos.mutants.tree import mutated, tree
from chaos.schedule import LONGER_THAN_KEPT, Schedule
from stack.places import REPOSITORY
from tests.forged import Forged


@pytest.mark.parametrize("mutant", [CONTROL, *MUTANTS], ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_source_of_a_service(mutant: Mutant) -> None:
    texts = mutated(mutant)

    assert {file.partition("/")[0] for file in texts} <= {ORDERS, PRODUCTS, "service_kit"}
    assert texts
    for file, text in texts.items():
        ast.parse(text)
        assert text != (REPOSITORY / file).read_text()


def test_there_are_at_least_twelve_mutants_with_names_of_their_own() -> None:
    names = sorted(mutant.name for mutant in MUTANTS)

    assert len(names) >= 12
    assert all(before != after for before, after in pairwise(names))


def test_a_mutant_whose_source_has_changed_is_an_error() -> None:
    moved = Edit("order_service/manage.py", "what never stood there", "something else")

    with pytest.raises(MutantMovedError, match=r"manage.py has 0 times"):
        mutated(Mutant("moved", "moved", (moved,), frozenset()))


def test_a_mutant_lives_in_a_copy() -> None:
    before = {file: (REPOSITORY / file).read_text() for file in mutated(CONTROL)}

    with tree(CONTROL) as environment:
        assert set(environment) == {"STACK_ORDER_SERVICE"}
        for file, text in mutated(CONTROL).items():
            copied = file.removeprefix("order_service/")
            with open(f"{environment['STACK_ORDER_SERVICE']}/{copied}") as copy:  # noqa: PTH123 - a text of ours
                assert copy.read() == text

    assert {file: (REPOSITORY / file).read_text() for file in before} == before


def test_a_mutant_of_the_kit_lives_in_every_service() -> None:
    file = "service_kit/service_kit/__init__.py"
    edit = Edit(file, (REPOSITORY / file).read_text()[:10], '"""MUTANT. ')

    with tree(Mutant("kit", "the kit is another one", (edit,), frozenset())) as environment:
        for service in (ORDERS, PRODUCTS):
            copy = environment[f"STACK_{service.upper()}"]
            done = subprocess.run(
                [f"{copy}/.venv/bin/python", "-c", "import service_kit; print(service_kit.__doc__)"],
                cwd=copy,
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.startswith("MUTANT. ")


def test_the_faults_that_expose_a_mutant_are_the_most_frequent() -> None:
    schedule = Schedule(1, database="postgresql", often=["lock", "cut-reply"])

    kinds = Counter(fault.kind for storm in islice(schedule.storms(), 50) for fault in storm)

    assert {kind for kind, _ in kinds.most_common(2)} == {"lock", "cut-reply"}


def test_a_reconciler_is_fast_by_longer_than_keys_are_kept_soon_enough_for_the_mutant_that_it_exposes() -> None:
    (mutant,) = (mutant for mutant in MUTANTS if mutant.name == "keys-by-the-host-clock")
    schedule = Schedule(mutant.seed, database="postgresql", often=mutant.often)

    faults = [fault for storm in islice(schedule.storms(), 5) for fault in storm]

    assert any(fault.where.startswith("reconciler") and fault.late == LONGER_THAN_KEPT for fault in faults)


def test_a_control_run_that_broke_off_is_not_one_that_found_nothing() -> None:
    run = Forged()

    broken_off = verdict_on(CONTROL, run.entries, seconds=1.0)
    run.end(2.0)
    whole = verdict_on(CONTROL, run.entries, seconds=2.0)

    assert not broken_off.is_right
    assert whole.is_right
