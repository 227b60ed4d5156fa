"""Every trick has a patch that says what it is about, and that applies to the shop as it is."""

from pathlib import Path

import pytest
from stack.errors import StackError

from bench.contender import Program
from bench.trees import KIT, SERVICES, Tree, patched
from bench.tricks import Trick, chosen_tricks

HEAD = "Trick: a cache\nInstead: no cache\nJudged by: orders\n\ndiff --git a/x b/x\n"
SERVED = Program(
    name="order_service",
    command=["/here/order_service/.venv/bin/python", "-m", "gunicorn"],
    folder=Path("/here/order_service"),
    environment={"DEBUG": "false"},
)


@pytest.mark.parametrize("trick", chosen_tricks(), ids=lambda trick: trick.name)
def test_each_patch_applies_to_the_shop_and_leaves_python(trick: Trick, tmp_path: Path) -> None:
    tree = patched(trick.patch, into=tmp_path / "tree")

    changed = [line[len("+++ b/") :] for line in trick.patch.read_text().splitlines() if line.startswith("+++ b/")]
    assert changed
    for name in changed:
        compile((tree.folder / name).read_text(), name, "exec")


def test_a_patch_whose_code_has_changed_is_refused(tmp_path: Path) -> None:
    stale = tmp_path / "stale.patch"
    stale.write_text(
        "diff --git a/service_kit/service_kit/apps.py b/service_kit/service_kit/apps.py\n"
        "--- a/service_kit/service_kit/apps.py\n+++ b/service_kit/service_kit/apps.py\n"
        "@@ -1 +1 @@\n-this line was never there\n+nor this one\n"
    )

    with pytest.raises(StackError, match=r"stale\.patch does not apply any more"):
        patched(stale, into=tmp_path / "tree")


def test_the_head_of_a_patch_is_read(tmp_path: Path) -> None:
    patch = tmp_path / "cache.patch"
    patch.write_text(HEAD)

    read = Trick.read(patch)

    assert (read.name, read.title, read.instead, read.judged_by) == ("cache", "a cache", "no cache", "orders")
    assert not read.is_added


def test_a_patch_may_add_what_the_shop_does_without(tmp_path: Path) -> None:
    patch = tmp_path / "cache.patch"
    patch.write_text(HEAD.replace("\n\n", "\nPatch: adds it\n\n"))

    assert Trick.read(patch).is_added


@pytest.mark.parametrize(("said", "problem"), [("Instead", "no line 'Instead'"), ("orders", "judged by")])
def test_a_head_that_is_incomplete_is_refused(tmp_path: Path, said: str, problem: str) -> None:
    patch = tmp_path / "cache.patch"
    patch.write_text(HEAD.replace(said, "something"))

    with pytest.raises(StackError, match=problem):
        Trick.read(patch)


def test_tricks_are_chosen_by_name() -> None:
    assert [trick.name for trick in chosen_tricks(["keep_alive_worker"])] == ["keep_alive_worker"]
    with pytest.raises(StackError, match="There is no trick of_hand"):
        chosen_tricks(["of_hand"])


def test_a_patched_shop_runs_on_the_present_packages_with_its_own_kit() -> None:
    moved = Tree(folder=Path("/there"), has_packages=False).move(SERVED)

    assert moved.folder == Path("/there/order_service")
    assert moved.command == SERVED.command
    assert moved.environment == {"DEBUG": "false", "PYTHONPATH": f"/there/{KIT}"}


def test_a_commit_runs_on_its_own_packages() -> None:
    moved = Tree(folder=Path("/there"), has_packages=True).move(SERVED)

    assert moved.command == ["/there/order_service/.venv/bin/python", "-m", "gunicorn"]


def test_what_is_no_service_runs_where_it_ran() -> None:
    other = Program(name="peer", command=["python"], folder=Path("/here/benchmarks"), environment={})

    assert other.folder.name not in SERVICES
    assert Tree(folder=Path("/there"), has_packages=True).move(other) == other
