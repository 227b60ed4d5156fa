"""Why an import or an export stops. What was committed stays. An invalid row is rejected and stops nothing."""

from pathlib import Path


class ExchangeError(Exception):
    """The import or the export cannot go on. The message says why, and what to do."""


def refuse_special(path: Path) -> None:
    """Raise ExchangeError for a folder, a device or a pipe: a file that took its place would not be what was meant."""
    if path.exists() and not path.is_file():
        raise ExchangeError(f"{path} is no file.")


class AlreadyImported(ExchangeError):
    """This very file was imported to its end."""

    def __init__(self, message: str, *, rejected: int) -> None:
        super().__init__(message)
        self.rejected = rejected
