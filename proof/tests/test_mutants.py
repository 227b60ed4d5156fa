"""Each mutant fits the present source, and its result is valid Python."""

import ast
from collections import Counter
from itertools import islice, pairwise

import pytest

from chaos.mutants.mutant import ORDERS, PRODUCTS, Edit, Mutant, MutantMovedError
from chaos.mutants.proving import MUTANTS
from chaos.mutants.shorter_waits import CONTROL
from chaos.mutants.tree import mutated, tree
from chaos.schedule import Schedule
from stack.places import REPOSITORY


@pytest.mark.parametrize("mutant", [CONTROL, *MUTANTS], ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_source_of_a_service(mutant: Mutant) -> None:
    texts = mutated(mutant)

    assert {file.partition("/")[0] for file in texts} <= {ORDERS, PRODUCTS}
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


def test_the_faults_that_expose_a_mutant_are_the_most_frequent() -> None:
    schedule = Schedule(1, database="postgresql", often=["lock", "cut-reply"])

    kinds = Counter(fault.kind for storm in islice(schedule.storms(), 50) for fault in storm)

    assert {kind for kind, _ in kinds.most_common(2)} == {"lock", "cut-reply"}
