"""
Why an import or an export stops. What was committed stays. An invalid row is rejected and raises nothing.

    ExchangeError
    +-- FileRefused          the file cannot be read in its format
    +-- AlreadyImported      this very file was imported to its end
    +-- FileChanged          the file is not the one whose import was interrupted
    +-- RejectedElsewhere    the file of rejected rows is not where the import would append to it
    +-- ImportRuns           another process imports this file
    +-- TakenOver            another process continues this import
    +-- DatabaseGaveUp       the database refused a batch in each of several attempts
"""


class ExchangeError(Exception):
    """Any reason why an import or an export stops."""


class FileRefused(ExchangeError):
    """The file cannot be read in its format."""


class AlreadyImported(ExchangeError):
    """This very file was imported to its end."""

    def __init__(self, message: str, *, rejected: int) -> None:
        super().__init__(message)
        self.rejected = rejected


class FileChanged(ExchangeError):
    """The file is not the one whose import was interrupted."""


class RejectedElsewhere(ExchangeError):
    """The file of rejected rows is not where the import would append to it."""


class ImportRuns(ExchangeError):
    """Another process imports this file."""


class TakenOver(ExchangeError):
    """Another process continues this import."""


class DatabaseGaveUp(ExchangeError):
    """The database refused a batch in each of several attempts."""
