"""Troubles of links, and late duplicates."""

import time

from chaos.proxy.control import Control
from chaos.proxy.weather import Trouble
from chaos.schedule import Planned

LOOK = 0.05  # seconds


class Network:
    """Brings troubles over links."""

    def __init__(self, proxy: Control) -> None:
        self._proxy = proxy

    def trouble(self, number: int, fault: Planned) -> int:
        """Let a link ail for as long as the fault lasts. Return how much it has touched."""
        ailment = fault.kind
        if ailment not in {"refuse", "blackhole", "latency", "cut-request", "cut-reply"}:
            raise ValueError(ailment)
        trouble = Trouble(
            ailment=ailment,
            seconds=fault.late,
            share=fault.share,
            count=fault.count,
            deliver=fault.deliver,
        )
        self._proxy.worsen(fault.where, number, trouble)
        until = time.monotonic() + fault.seconds
        is_cut = ailment.startswith("cut-")
        while time.monotonic() < until and not (is_cut and self._proxy.touched(fault.where, number) >= fault.count):
            time.sleep(min(LOOK, fault.seconds) if is_cut else fault.seconds)
        return self._proxy.mend(fault.where, number)

    def reset(self, fault: Planned) -> int:
        """Break every connection of a link. Return how many there were."""
        return self._proxy.reset(fault.where)
