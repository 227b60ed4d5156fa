"""
Why an import or an export cannot go on. What was committed stays; rows that are wrong are no errors, but rejected.

    ExchangeError
    +-- FileRefused          the file cannot be read as what it is said to be
    +-- AlreadyImported      this very file was imported to its end
    +-- FileChanged          the file is not the one whose import was interrupted
    +-- RejectedElsewhere    the rows that were rejected so far are not where the import would go on writing
    +-- ImportRuns           another process imports this file
    +-- TakenOver            another process went on with this import
    +-- DatabaseGaveUp       the database did not take a batch in any of several tries
"""


class ExchangeError(Exception):
    """Any reason why an import or an export cannot go on."""


class FileRefused(ExchangeError):
    """The file cannot be read as what it is said to be."""


class AlreadyImported(ExchangeError):
    """This very file was imported to its end."""

    def __init__(self, message: str, *, rejected: int) -> None:
        super().__init__(message)
        self.rejected = rejected


class FileChanged(ExchangeError):
    """The file is not the one whose import was interrupted."""


class RejectedElsewhere(ExchangeError):
    """The rows that were rejected so far are not where the import would go on writing."""


class ImportRuns(ExchangeError):
    """Another process imports this file."""


class TakenOver(ExchangeError):
    """Another process went on with this import."""


class DatabaseGaveUp(ExchangeError):
    """The database did not take a batch in any of several tries."""
