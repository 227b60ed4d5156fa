"""Late duplicates: a request that passed a link once is sent once more."""

from msgspec.structs import replace

from chaos.history import Info
from chaos.proxy.control import Control
from chaos.schedule import Planned
from chaos.workload.stage import Stage
from stack.errors import StackError

BETWEEN_SERVICES = "order_service>product_service"  # requests there carry the id of a client's, and are none


class Duplicates:
    """Repeats requests, and writes down those that clients had sent: each is an operation of its own."""

    def __init__(self, proxy: Control, stage: Stage) -> None:
        self._proxy = proxy
        self._stage = stage

    def pick(self, number: int, fault: Planned) -> str | None:
        """Choose a request. Return its X-Request-ID, or None if none has passed."""
        return self._proxy.pick(fault.where, number, age=fault.age)

    def send(self, number: int, fault: Planned, request_id: str) -> int:
        """Send the chosen request. Return 1 if it was answered, whatever the answer says."""
        original = self._stage.asked.get(request_id)
        journal = self._stage.journal
        operation = None
        if original is not None and fault.where != BETWEEN_SERVICES:
            now = journal.now()
            operation = replace(
                original, op=journal.number(), process="proxy", replay_of=original.op, at=now.at, wall=now.wall
            )
            journal.write(operation)
        try:
            told = self._proxy.repeat(fault.where, number)
        except StackError as error:
            told = str(error)
        if operation is not None:
            now = journal.now()
            journal.write(Info(at=now.at, wall=now.wall, op=operation.op, error=f"repeated: {told}"))
        return int(told.startswith("HTTP/"))
