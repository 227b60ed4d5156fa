"""Export products to a file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from exchange import exporting
from exchange.errors import ExchangeError
from exchange.formats import FORMATS, Csv, format_of
from exchange.progress import Progress
from products.models import Product


class Command(BaseCommand):
    help = (
        "Write the catalogue to a file that import_products reads: edit it and import it. Products out of sale are "
        "left out by default, and so is stock, which changes while a file is edited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="FILE.csv or FILE.ndjson; - is standard output")
        parser.add_argument("--format", choices=FORMATS, help="default: by the suffix of FILE")
        parser.add_argument("--include-inactive", action="store_true", help="products out of sale too, with is_active")
        parser.add_argument("--columns", metavar="A,B", help=f"instead of {','.join(exporting.USUAL)}")

        parser.add_argument(
            "--excel",
            choices=["comma", "semicolon"],
            help="CSV that Excel opens as it is: UTF-8 with a byte order mark; semicolon where people write 9,90",
        )

    def handle(self, *, file: str, include_inactive: bool, columns: str | None, **options: Any) -> None:
        chosen = tuple(columns.split(",")) if columns else exporting.USUAL + ("is_active",) * include_inactive
        products = Product.objects.all() if include_inactive else Product.objects.active()

        def write(stream: TextIO) -> None:
            rows = 0
            with Progress(sys.stderr, total=products.count()) as progress:
                for rows in exporting.write(products, stream, form=form, columns=chosen):
                    progress.show(rows, rows=rows)
            self.stderr.write(f"{rows:,} products {progress.sum_up(rows)}.", str)

        try:
            exporting.check_columns(chosen)
            form = format_of(options["format"], "standard output" if file == "-" else file)
            if options["excel"]:
                if not isinstance(form, Csv):
                    raise ExchangeError("--excel is for CSV.")  # noqa: TRY301 - answered as the others below
                form = Csv(bom=True, semicolons=options["excel"] == "semicolon")
            if file == "-":
                sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr] # a text file
                write(sys.stdout)
                sys.stdout.flush()
            else:
                with exporting.replaced(Path(file).resolve()) as stream:
                    write(stream)
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        except Error as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}", returncode=2) from error
