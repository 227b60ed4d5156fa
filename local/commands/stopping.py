"""When a command that runs in the foreground has to end."""

import os
import signal


class Stopped(BaseException):
    """A signal came, or make is gone. No `except Exception` swallows it."""


class Stopping:
    """
    Notices SIGINT, SIGTERM, and the end of the make that started this process.

    make passes Ctrl-C on, but nobody passes on that make itself was killed: the shop would go on with its ports.
    """

    def __init__(self) -> None:
        self._signalled = False
        self._parent = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def check(self) -> None:
        """
        Return if this process may go on. A handler cannot raise this itself: it might interrupt the start of a process.

        :raises Stopped: if it has to end.
        """
        if self._signalled or self._parent not in {None, os.getppid()}:
            raise Stopped

    def _note(self, *_: object) -> None:
        self._signalled = True
