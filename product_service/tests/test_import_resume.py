"""An import that is interrupted, repeated, or driven by two: no row is applied twice, and none is left out."""

import fcntl
import signal
import uuid
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError

from exchange import bulk, journals, services
from exchange.models import CatalogueImport
from products.models import Product
from tests.imports import ROWS, assert_each_row_was_taken_once, import_file, many, write_csv, write_ndjson

pytestmark = pytest.mark.django_db(transaction=True)  # connections are closed, as they are in the command


InBatch = Callable[[int, Callable[[], object]], None]
Interrupt = Callable[..., None]


def failing(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return many(tmp_path / "new.csv")


@pytest.fixture
def in_batch(monkeypatch: pytest.MonkeyPatch) -> InBatch:
    """Do something in the n-th batch, after everything of it was written and before it is committed."""
    write = bulk.write
    monkeypatch.setattr(journals, "WAITS", (0,))

    def arrange(number: int, do: Callable[[], object]) -> None:
        batches = count(1)

        def write_and_do(*args: object, **kwargs: object) -> None:
            write(*args, **kwargs)  # type: ignore[arg-type]
            if next(batches) == number:
                do()

        monkeypatch.setattr(bulk, "write", write_and_do)

    return arrange


@pytest.fixture
def interrupt(in_batch: InBatch) -> Interrupt:
    """Import a file, and break off in the n-th batch."""

    def import_and_break_off(file: Path, *, batch: int = 4, size: str = "10") -> None:
        in_batch(batch, failing(ValueError("power cut")))
        with pytest.raises(ValueError, match="power cut"):
            import_file(file, "--batch-size", size)

    return import_and_break_off


def test_what_breaks_off_is_gone_on_with(file: Path, interrupt: Interrupt) -> None:
    interrupt(file)
    assert CatalogueImport.objects.get().line == 31

    done = import_file(file, "--batch-size", "10")

    assert "Going on behind line 31." in done.printed
    assert f"rejected: {len(range(0, ROWS, 9))}" in done.printed
    assert done.code == 1
    assert_each_row_was_taken_once(file)


@pytest.mark.parametrize(("ending", "last"), [("csv", 40), ("ndjson", 20)])
def test_rows_of_several_lines_and_other_letters_are_gone_on_with_at_the_right_place(
    tmp_path: Path, interrupt: Interrupt, ending: str, last: int
) -> None:
    if ending == "csv":
        rows = [f'"Lämp {number}","two\r\nlines",1.00' for number in range(19)]
        file = write_csv(tmp_path / "new.csv", "\ufeffname,description,price", *rows, '"","two\nlines",1.00', header="")
        file.write_bytes(file.read_bytes().removeprefix(b"\n"))
    else:
        objects = [{"name": f"Lämp {number}", "description": "two\nlines", "price": 1} for number in range(19)]
        file = write_ndjson(tmp_path / "new.ndjson", *objects, {"name": ""})
    interrupt(file, batch=3, size="5")
    assert Product.objects.count() == 10

    import_file(file)

    assert set(Product.objects.values_list("name", flat=True)) == {f"Lämp {number}" for number in range(19)}
    refused = (tmp_path / f"new.rejected.{ending}").read_text().splitlines()
    assert any(line.startswith((f"{last},", f'{{"rejected_line": {last},')) for line in refused)


@pytest.mark.parametrize("error", [OperationalError("lock timeout"), InterfaceError("connection lost")])
def test_a_batch_that_the_database_did_not_take_is_tried_again(file: Path, in_batch: InBatch, error: Exception) -> None:
    in_batch(4, failing(error))

    import_file(file, "--batch-size", "10")

    assert_each_row_was_taken_once(file)


def test_a_commit_whose_confirmation_was_lost_is_not_repeated(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = services.import_batch
    batches = count(1)

    def take_and_lose_the_confirmation(**options: object) -> object:
        made = take(**options)  # type: ignore[arg-type]
        if next(batches) == 3:
            raise OperationalError("server closed the connection unexpectedly")
        return made

    monkeypatch.setattr(services, "import_batch", take_and_lose_the_confirmation)
    monkeypatch.setattr(journals, "WAITS", (0,))

    import_file(file, "--batch-size", "10")

    assert_each_row_was_taken_once(file)


def test_a_database_that_takes_nothing_ends_the_import_which_can_be_gone_on_with(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: object) -> None:
        raise OperationalError("no space on the disk")

    monkeypatch.setattr(journals, "WAITS", (0, 0))
    with monkeypatch.context() as outage:
        outage.setattr(services, "import_batch", refuse)
        done = import_file(file)
    assert done.code == 2
    assert "no space on the disk" in done.printed

    import_file(file)

    assert_each_row_was_taken_once(file)


def test_a_file_is_imported_once(file: Path) -> None:
    import_file(file)

    done = import_file(file)

    assert done.code == 1  # as the first time, for rows of it were rejected
    assert "imported already" in done.printed
    assert_each_row_was_taken_once(file)


def test_a_file_is_imported_again_if_that_is_wanted(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "new.csv", "A-1,Lamp,,1.00,1,")
    import_file(file)
    Product.objects.update(name="Chair")

    done = import_file(file, "--restart")

    assert "created: 0, updated: 1" in done.printed
    assert Product.objects.get().name == "Lamp"


def test_a_file_that_was_changed_is_not_gone_on_with(file: Path, interrupt: Interrupt) -> None:
    interrupt(file)
    before = set(Product.objects.values_list("pk", flat=True))
    file.write_text(file.read_text() + ",Chair,,1.00,,\n")

    done = import_file(file)

    assert done.code == 2
    assert "has changed since its import was interrupted at line 31" in done.printed
    assert set(Product.objects.values_list("pk", flat=True)) == before


def test_a_file_that_is_being_imported_is_refused(file: Path) -> None:
    with file.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        done = import_file(file)

    assert done.code == 2
    assert "Another process is importing" in done.printed
    assert not Product.objects.exists()


def test_who_was_overtaken_stops_and_does_nothing_twice(file: Path, in_batch: InBatch) -> None:
    in_batch(3, lambda: CatalogueImport.objects.update(run=uuid.uuid4()))  # by another machine

    done = import_file(file, "--batch-size", "10")

    assert done.code == 2
    assert "Another process went on with this import" in done.printed
    import_file(file, "--batch-size", "10")
    assert_each_row_was_taken_once(file)


def test_a_signal_stops_it_behind_a_batch_and_it_can_be_gone_on_with(file: Path, in_batch: InBatch) -> None:
    in_batch(3, lambda: signal.raise_signal(signal.SIGTERM))

    done = import_file(file, "--batch-size", "10")

    assert done.code == 128 + signal.SIGTERM
    assert "Stopped before the end. Run it again to go on." in done.printed
    assert CatalogueImport.objects.get().line == 31
    import_file(file)
    assert_each_row_was_taken_once(file)


@pytest.mark.parametrize(("options", "reason"), [((), "is gone or shorter"), (("--rejected", "other.csv"), "are in")])
def test_rejected_rows_that_are_not_where_they_were_are_missed(
    file: Path, interrupt: Interrupt, options: tuple[str, ...], reason: str
) -> None:
    interrupt(file)
    file.with_name("new.rejected.csv").write_text("")

    done = import_file(file, *options)

    assert done.code == 2
    assert reason in done.printed
