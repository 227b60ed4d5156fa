"""Faults of links."""

import time
from collections.abc import Mapping

from chaos.history import FaultKind
from chaos.planned import Planned
from chaos.proxy.control import Control
from chaos.proxy.fault_set import LinkFault, LinkFaultKind

LINK_FAULTS: Mapping[FaultKind, LinkFaultKind] = {
    "latency": "latency",
    "refuse": "refuse",
    "blackhole": "blackhole",
    "cut-request": "cut-request",
    "cut-reply": "cut-reply",
    "database-vanish": "vanish",
}
POLL_INTERVAL = 0.05  # seconds


class Network:
    """Applies faults to links."""

    def __init__(self, proxy: Control) -> None:
        self._proxy = proxy

    def apply(self, number: int, fault: Planned) -> int:
        """Apply a fault to a link for its whole duration. Return how much it affected."""
        link_fault = LinkFault(
            kind=LINK_FAULTS[fault.kind],
            seconds=fault.late,
            share=fault.share,
            count=fault.count,
            deliver=fault.deliver,
        )
        self._proxy.add_fault(fault.where, number, link_fault)
        until = time.monotonic() + fault.seconds
        is_cut = fault.kind.startswith("cut-")
        while time.monotonic() < until and not (is_cut and self._proxy.touched(fault.where, number) >= fault.count):
            time.sleep(min(POLL_INTERVAL, fault.seconds) if is_cut else fault.seconds)
        return self._proxy.remove_fault(fault.where, number)

    def reset(self, fault: Planned) -> int:
        """Reset every connection of a link. Return how many there were."""
        return self._proxy.reset(fault.where)
