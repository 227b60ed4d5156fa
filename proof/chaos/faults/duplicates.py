"""Late duplicates: a request that passed a link once is sent once more."""

from msgspec.structs import replace

from chaos.history import Info
from chaos.planned import Planned
from chaos.proxy.control import Control
from chaos.workload.shared import Workload
from stack.errors import StackError

BETWEEN_SERVICES = "order_service>product_service"  # its requests carry the id of a client's request without being one


class Duplicates:
    """Repeats requests. Those that clients had sent are written to the history, each as an operation of its own."""

    def __init__(self, proxy: Control, workload: Workload) -> None:
        self._proxy = proxy
        self._workload = workload

    def pick(self, number: int, fault: Planned) -> str | None:
        """Choose a request. Return its X-Request-ID, or None if none has passed."""
        return self._proxy.pick(fault.where, number, age=fault.age)

    def send(self, number: int, fault: Planned, request_id: str) -> int:
        """Send the chosen request. Return 1 if it was answered, whatever the answer says."""
        original = self._workload.requests.get(request_id)
        journal = self._workload.journal
        operation = None
        if original is not None and fault.where != BETWEEN_SERVICES:
            now = journal.now()
            operation = replace(
                original, op=journal.number(), process="proxy", replay_of=original.op, at=now.at, wall=now.wall
            )
            journal.write(operation)
        try:
            answer = self._proxy.repeat(fault.where, number)
        except StackError as error:
            answer = str(error)
        if operation is not None:
            now = journal.now()
            journal.write(Info(at=now.at, wall=now.wall, op=operation.op, error=f"repeated: {answer}"))
        return int(answer.startswith("HTTP/"))
