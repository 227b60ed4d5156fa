"""An import that is interrupted, repeated, or driven by two: no row is applied twice, and none is left out."""

import fcntl
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Sum

from exchange import bulk, journals, services
from exchange.models import CatalogueImport
from inventory.models import StockAdjustment
from products.models import Product
from tests.imports import import_file, rejected, write_csv
from tests.world import is_conserved

pytestmark = pytest.mark.django_db(transaction=True)  # connections are closed, as they are in the command
ROWS = 100


def many(path: Path, *, rows: int = ROWS) -> Path:
    """Rows without a key, so that one applied twice would be there twice; every ninth of them is wrong."""
    names = (f"Lamp {number}" if number % 9 else "" for number in range(rows))
    return write_csv(path, *(f",{name},,1.00,{number % 3}," for number, name in enumerate(names)))


def assert_each_row_was_taken_once(file: Path, *, rows: int = ROWS) -> None:
    bad = [number for number in range(rows) if number % 9 == 0]
    good = [number for number in range(rows) if number % 9]
    assert sorted(Product.objects.values_list("name", flat=True)) == sorted(f"Lamp {number}" for number in good)
    assert all(is_conserved(product) for product in Product.objects.all())
    assert StockAdjustment.objects.aggregate(units=Sum("delta"))["units"] == sum(number % 3 for number in good)
    refused = rejected(file.with_name(f"{file.stem}.rejected.csv"))
    assert [line for line, _ in refused] == [number + 2 for number in bad]


def database_url(folder: Path) -> str:
    """Where another process finds a database: that of the test on PostgreSQL, else a file."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'db.sqlite3'}"
    return os.environ["DATABASE_URL"].replace("///postgres?", f"///{connection.settings_dict['NAME']}?")


def test_an_import_whose_processes_are_killed_at_any_moment_takes_each_row_once(
    tmp_path: Path,
) -> None:
    file = many(tmp_path / "new.csv")
    environment = {**os.environ, "DATABASE_URL": database_url(tmp_path)}
    del environment["DJANGO_SETTINGS_MODULE"]  # which the tests choose, and commands otherwise

    def run(*arguments: str, code: int) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    if connection.vendor == "sqlite":
        run("manage.py", "migrate", "-v0", code=0)
    deaths = int(run("-m", "tests.dying_imports", str(file), "seed", code=1))

    assert deaths > 10
    if connection.vendor == "sqlite":  # which was in a file, and the test's is in memory
        exported = run("manage.py", "export_products", "-", "--format=csv", "--columns=name", code=0)
        assert sorted(exported.splitlines()[1:]) == sorted(f"Lamp {number}" for number in range(ROWS) if number % 9)
        refused = rejected(tmp_path / "new.rejected.csv")
        assert [line for line, _ in refused] == [number + 2 for number in range(ROWS) if number % 9 == 0]
    else:
        assert_each_row_was_taken_once(file)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Exception], None]:
    """Have the n-th batch of an import fail, after everything of it was written and before it is committed."""

    def arrange(number: int, error: Exception) -> None:
        batches = iter(range(1, 10_000))
        write = bulk.write

        def write_and_break(*args: object, **kwargs: object) -> None:
            write(*args, **kwargs)  # type: ignore[arg-type]
            if next(batches) == number:
                raise error

        monkeypatch.setattr(bulk, "write", write_and_break)

    monkeypatch.setattr(journals, "WAITS", (0,))
    return arrange


def test_what_breaks_off_is_gone_on_with(tmp_path: Path, breaking: Callable[[int, Exception], None]) -> None:
    file = many(tmp_path / "new.csv")
    breaking(4, ValueError("power cut"))
    with pytest.raises(ValueError, match="power cut"):
        import_file(file, "--batch-size", "10")
    assert CatalogueImport.objects.get().line == 31

    done = import_file(file, "--batch-size", "10")

    assert "Going on behind line 31." in done.said
    assert f"rejected: {len(range(0, ROWS, 9))}" in done.said
    assert done.code == 1
    assert_each_row_was_taken_once(file)


@pytest.mark.parametrize("error", [OperationalError("lock timeout"), InterfaceError("connection lost")])
def test_a_batch_that_the_database_did_not_take_is_tried_again(
    tmp_path: Path, breaking: Callable[[int, Exception], None], error: Exception
) -> None:
    file = many(tmp_path / "new.csv")
    breaking(4, error)

    import_file(file, "--batch-size", "10")

    assert_each_row_was_taken_once(file)


def test_a_commit_whose_confirmation_was_lost_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = many(tmp_path / "new.csv")
    take = services.import_batch
    batches = iter(range(1, 10_000))

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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = many(tmp_path / "new.csv")

    def refuse(**options: object) -> None:
        raise OperationalError("no room on the disk")

    monkeypatch.setattr(journals, "WAITS", (0, 0))
    with monkeypatch.context() as outage:
        outage.setattr(services, "import_batch", refuse)
        done = import_file(file)
    assert done.code == 2
    assert "no room on the disk" in done.said

    import_file(file)

    assert_each_row_was_taken_once(file)


def test_a_file_is_imported_once(tmp_path: Path) -> None:
    file = many(tmp_path / "new.csv")
    import_file(file)

    done = import_file(file)

    assert done.code == 1  # as the first time, for rows of it were rejected
    assert "imported already" in done.said
    assert_each_row_was_taken_once(file)


def test_a_file_is_imported_again_if_that_is_wanted(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "new.csv", "A-1,Lamp,,1.00,1,")
    import_file(file)
    Product.objects.update(name="Chair")

    done = import_file(file, "--restart")

    assert "created: 0, updated: 1" in done.said
    assert Product.objects.get().name == "Lamp"


def test_a_file_that_was_changed_is_not_gone_on_with(
    tmp_path: Path, breaking: Callable[[int, Exception], None]
) -> None:
    file = many(tmp_path / "new.csv")
    breaking(4, ValueError("power cut"))
    with pytest.raises(ValueError, match="power cut"):
        import_file(file, "--batch-size", "10")
    before = set(Product.objects.values_list("pk", flat=True))
    file.write_text(file.read_text() + ",Chair,,1.00,,\n")

    done = import_file(file)

    assert done.code == 2
    assert "has changed since its import was interrupted at line 31" in done.said
    assert set(Product.objects.values_list("pk", flat=True)) == before


def test_a_file_that_is_being_imported_is_refused(tmp_path: Path) -> None:
    file = many(tmp_path / "new.csv")

    with file.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        done = import_file(file)

    assert done.code == 2
    assert "Another process is importing" in done.said
    assert not Product.objects.exists()


def test_who_was_overtaken_stops_and_does_nothing_twice(
    tmp_path: Path, breaking: Callable[[int, Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = many(tmp_path / "new.csv")
    write = bulk.write
    batches = iter(range(1, 10_000))

    def write_late(*args: object, **kwargs: object) -> None:
        if next(batches) == 3:  # meanwhile, another machine
            CatalogueImport.objects.update(run=uuid.uuid4())
        write(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as late:
        late.setattr(bulk, "write", write_late)
        done = import_file(file, "--batch-size", "10")
    assert done.code == 2
    assert "Another process went on with this import" in done.said

    import_file(file, "--batch-size", "10")

    assert_each_row_was_taken_once(file)


@pytest.mark.parametrize(("options", "reason"), [((), "is gone or shorter"), (("--rejected", "other.csv"), "are in")])
def test_rejected_rows_that_are_not_where_they_were_are_missed(
    tmp_path: Path, breaking: Callable[[int, Exception], None], options: tuple[str, ...], reason: str
) -> None:
    file = many(tmp_path / "new.csv")
    breaking(4, ValueError("power cut"))
    with pytest.raises(ValueError, match="power cut"):
        import_file(file, "--batch-size", "10")
    (tmp_path / "new.rejected.csv").write_text("")

    done = import_file(file, *options)

    assert done.code == 2
    assert reason in done.said
