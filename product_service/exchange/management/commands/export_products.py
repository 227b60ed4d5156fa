"""Export products to a file."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from exchange import exporting
from exchange.errors import FileRefused
from exchange.formats import NAMES, kind_of
from exchange.progress import Progress, duration
from products.models import Product


class Command(BaseCommand):
    help = (
        "Write the catalogue to a file that import_products reads: edit it and import it. Products out of sale are "
        "left out by default, and so is stock, which changes while a file is edited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="FILE.csv or FILE.ndjson; - is standard output")
        parser.add_argument("--format", choices=NAMES, help="default: by the suffix of FILE")
        parser.add_argument("--include-inactive", action="store_true", help="products out of sale too, with is_active")
        parser.add_argument("--columns", metavar="A,B", help=f"instead of {','.join(exporting.USUAL)}")

    def handle(self, *, file: str, include_inactive: bool, columns: str | None, **options: Any) -> None:
        chosen = tuple(columns.split(",")) if columns else exporting.USUAL + ("is_active",) * include_inactive
        try:
            exporting.check_columns(chosen)
            kind = kind_of(options["format"], "standard output" if file == "-" else file)
            if file == "-":
                sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr] # a text file
                self._write(sys.stdout, kind, chosen, include_inactive=include_inactive)
                sys.stdout.flush()
            else:
                with exporting.replaced(Path(file).resolve()) as stream:
                    self._write(stream, kind, chosen, include_inactive=include_inactive)
        except (FileRefused, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        except Error as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}", returncode=2) from error

    def _write(self, stream: TextIO, kind: str, columns: Sequence[str], *, include_inactive: bool) -> None:
        products = Product.objects.all() if include_inactive else Product.objects.active()
        write = exporting.writer(kind, stream, columns)
        rows = 0
        with Progress(sys.stderr, total=products.count()) as progress:
            for page in exporting.pages(columns, include_inactive=include_inactive):
                for row in page:
                    write(row)
                rows += len(page)
                progress.show(rows, rows=rows)
        seconds = progress.clock() - progress.began
        self.stderr.write(f"{rows:,} products in {duration(seconds)} ({rows / (seconds or 1):,.0f}/s).", str)
