"""The files that can be imported, and the reasons that those get that cannot."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exchange.lines import LARGEST_ROW
from products.models import Product
from tests.imports import HEADER, import_file, rejected, write_csv, write_ndjson

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return list(Product.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_csv_as_other_programs_write_it(tmp_path: Path, beginning: bytes, line_break: str) -> None:
    text = line_break.join(["name,price,description,is_active", 'Café lamp,1.00,"two\nlines, ""quoted""",TRUE', ""])
    (tmp_path / "new.csv").write_bytes(beginning + text.encode())

    done = import_file(tmp_path / "new.csv")

    assert done.code == 0
    lamp = Product.objects.get()
    assert (lamp.name, lamp.description, lamp.is_active) == ("Café lamp", 'two\nlines, "quoted"', True)


def test_empty_lines_a_byte_order_mark_and_a_missing_last_line_break_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("name,price\n\nLamp,1.00\n\n\nChair,2.00")
    (tmp_path / "new.ndjson").write_text('\n{"name": "Clock", "price": 3}\n\n{"name": "Shelf", "price": "4"}')
    (tmp_path / "marked.ndjson").write_text('\ufeff{"name": "Rug", "price": "1"}\n')

    for name in ("new.csv", "new.ndjson", "marked.ndjson"):
        assert import_file(tmp_path / name).code == 0

    assert names() == ["Lamp", "Chair", "Clock", "Shelf", "Rug"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        *(("name,price,colour", "Unknown columns: 'colour'."), ("name,price,name", "more than once")),
        *(("name\tprice", "separated by commas or semicolons"), ("name;price;colour", "Unknown columns: 'colour'.")),
        *(("name,description", "Columns are missing"), ("", "Columns are missing"), ('"name,price', "no CSV header")),
        ("Name,Price", "Unknown columns: 'Name', 'Price'."),
    ],
)
def test_a_header_that_is_wrong_stops_everything(tmp_path: Path, header: str, reason: str) -> None:
    done = import_file(write_csv(tmp_path / "new.csv", "Lamp,1.00", header=header))

    assert done.code == 2
    assert reason in done.printed
    assert names() == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("empty.csv", "The file is empty"), ("new.txt", "add --format"), ("there-is-none.csv", "No such file")],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "new.txt").write_text("name,price\nLamp,1.00\n")

    done = import_file(tmp_path / name)

    assert done.code == 2
    assert reason in done.printed


def test_a_format_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("name,price\nLamp,1.00\n")

    assert import_file(tmp_path / "new.txt", "--format", "csv").code == 0


def test_rows_that_are_no_csv_are_refused_one_by_one(tmp_path: Path) -> None:
    good = b"Lamp,1.00\n"
    (tmp_path / "new.csv").write_bytes(
        b"name,price\n" + good + b"Lamp\n" + good + b"Lamp,1.00,2.00\n" + b'"La"mp,1.00\n' + good
    )

    done = import_file(tmp_path / "new.csv")

    assert done.code == 1
    assert names() == ["Lamp"] * 3
    reasons = dict(rejected(tmp_path / "new.rejected.csv"))
    assert list(reasons) == [3, 5, 6]
    assert "1 cells" in reasons[3]
    assert "Not CSV" in reasons[6]


def test_a_quote_that_is_not_closed_costs_no_more_rows_than_one_may_be_long(tmp_path: Path) -> None:
    rows = [f"Lamp {number},1.00" for number in range(10_000)]
    rows[5] = '"Lamp 5,1.00'
    file = write_csv(tmp_path / "new.csv", *rows, header="name,price")

    done = import_file(file)

    assert done.code == 1
    [(line, reason)] = rejected(tmp_path / "new.rejected.csv")
    assert line == 7
    assert "Is a quote not closed?" in reason
    assert Product.objects.count() > 10_000 - LARGEST_ROW // len("Lamp 0,1.00")
    assert Product.objects.filter(name="Lamp 9999").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("[1]", "not a JSON object"),
        ("{", "not valid JSON"),
        ('{"name": "Lamp", "name": "Chair", "price": 1}', "same key twice"),
        ('{"name": "Lamp", "price": NaN}', "NaN"),
        ('{"name": ' + "[" * 40 + "]" * 40 + "}", "nested deeper"),
        ('{"name": "' + "a" * 74_000 + '", "price": 1}', "longer than 73728 bytes"),
        ('{"name": "Lamp", "price": 1, "description": "' + "a" * 65_600 + '"}', "longer than 65536 bytes"),
        ('{"name": "\\ud800", "price": 1}', "lone surrogates"),
    ],
    ids=["a list", "half an object", "a key twice", "NaN", "depth", "length", "a description's length", "a surrogate"],
)
def test_json_is_read_as_strictly_as_by_the_api(tmp_path: Path, row: str, reason: str) -> None:
    good = {"name": "Lamp", "price": "1"}
    file = write_ndjson(tmp_path / "new.ndjson", good, row, good)

    done = import_file(file)

    assert done.code == 1
    [refused] = (tmp_path / "new.rejected.ndjson").read_text().splitlines()
    assert json.loads(refused)["rejected_line"] == 2
    assert reason in json.loads(refused)["rejected_reason"]
    assert names() == ["Lamp", "Lamp"]


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_rejected_rows_can_be_corrected_and_imported_as_they_are(tmp_path: Path, ending: str) -> None:
    if ending == "csv":
        import_file(write_csv(tmp_path / "new.csv", "A-2,Chäir,,two,5,true"))
    else:
        import_file(write_ndjson(tmp_path / "new.ndjson", {"name": "Chäir", "price": "two", "stock_quantity": 5}))
    refused = tmp_path / f"new.rejected.{ending}"
    refused.write_text(refused.read_text().replace("two", "2.00"))

    done = import_file(refused)

    assert done.code == 0
    assert names() == ["Chäir"]
    assert not (tmp_path / f"new.rejected.rejected.{ending}").exists()


def test_bytes_that_are_not_utf_8_are_given_back_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_bytes(b"name,price\nL\xe4mp,1.00\n")

    import_file(tmp_path / "new.csv")

    refused = (tmp_path / "new.rejected.csv").read_bytes()
    assert refused.endswith(b"\n2,The row is not UTF-8. A spreadsheet can save it as CSV UTF-8.,L\xe4mp,1.00\n")


def test_rejected_rows_go_where_they_are_wanted(tmp_path: Path) -> None:
    import_file(write_csv(tmp_path / "new.csv", "A-1,,,1.00,5,true"), "--rejected", str(tmp_path / "bad"))

    assert (tmp_path / "bad").read_text().startswith(f"rejected_line,rejected_reason,{HEADER}\n2,")


def test_rejected_rows_never_replace_the_file_itself(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "new.csv", "A-1,,,1.00,5,true")

    done = import_file(file, "--rejected", str(file))

    assert done.code == 2
    assert file.exists()


@pytest.mark.parametrize("command", [("import_products", "FILE", "--rejected=PIPE"), ("export_products", "PIPE")])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, command: tuple[str, ...]) -> None:
    file, pipe = write_csv(tmp_path / "new.csv", "A-1,,,1.00,5,true"), tmp_path / "pipe.csv"
    os.mkfifo(pipe)  # as /dev/null is none, which root may remove

    with pytest.raises(CommandError, match="is no file"):
        call_command(*(word.replace("FILE", str(file)).replace("PIPE", str(pipe)) for word in command))

    assert pipe.is_fifo()


@pytest.mark.parametrize("beginning", ["", "\ufeff"])
def test_semicolons_and_a_decimal_comma_are_read_as_spreadsheets_write_them(tmp_path: Path, beginning: str) -> None:
    rows = ["name;price;description", "Lämp;19,9;Warm, wärmer", "Chair;1.50;", "Desk;1.234,50;", "Shelf;1,234;"]
    (tmp_path / "new.csv").write_text(beginning + "\r\n".join(rows))

    done = import_file(tmp_path / "new.csv")

    assert done.code == 1
    assert list(Product.objects.order_by("pk").values_list("name", "price", "description")) == [
        ("Lämp", Decimal("19.90"), "Warm, wärmer"),
        ("Chair", Decimal("1.50"), ""),
    ]
    refused = (tmp_path / "new.rejected.csv").read_text()
    assert refused.startswith(f"{beginning}rejected_line;rejected_reason;name;price;description\n4;")
    assert [line.split(";")[2] for line in refused.splitlines()[1:]] == ["Desk", "Shelf"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_rows_of_nothing_but_separators_are_empty(tmp_path: Path, separator: str) -> None:
    rows = ["name,price", ",", "Lamp,1", " , ", ",,,,", ","]
    (tmp_path / "new.csv").write_text("\n".join(rows).replace(",", separator))

    assert import_file(tmp_path / "new.csv").code == 0
    assert names() == ["Lamp"]


@pytest.mark.parametrize("rows", [2, 20_000])
def test_of_lines_that_end_with_a_carriage_return_alone_it_is_said_what_to_save_as(tmp_path: Path, rows: int) -> None:
    (tmp_path / "new.csv").write_bytes(b"name,price\r" + b"Lamp,1\r" * rows)

    done = import_file(tmp_path / "new.csv")

    assert done.code == 2
    assert "save it as CSV UTF-8" in done.printed
    assert names() == []


def test_of_one_such_row_too(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_bytes(b"name,price\nLamp,1\rLamp,1\nDesk,1\n")

    import_file(tmp_path / "new.csv")

    assert "save it as CSV UTF-8" in dict(rejected(tmp_path / "new.rejected.csv"))[2]
    assert names() == ["Desk"]


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_of_utf_16_it_is_said_what_to_save_as(tmp_path: Path, ending: str, encoding: str) -> None:
    (tmp_path / f"new.{ending}").write_bytes("name,price\nLämp,1\n".encode(encoding))

    done = import_file(tmp_path / f"new.{ending}")

    assert done.code == 2
    assert "save as CSV UTF-8" in done.printed
    assert names() == []
