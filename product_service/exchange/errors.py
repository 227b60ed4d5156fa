"""Why an import or an export stops. What was committed stays. An invalid row is rejected and stops nothing."""


class ExchangeError(Exception):
    """The import or the export cannot go on. The message says why, and what to do."""


class AlreadyImported(ExchangeError):
    """This very file was imported to its end."""

    def __init__(self, message: str, *, rejected: int) -> None:
        super().__init__(message)
        self.rejected = rejected
